import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'
import { coins } from './keptMarket.ts'

export const spotPush: Scenario = {
  name: 'spot-push',
  theme: 'oracle',
  attack:
    'In one transaction a thief buys a Uniswap pair half empty, borrows at the price that this makes, and sells again.',
  twin: 'A trader buys so much that the price in the pair rises by a third, and later a user of the market borrows.',

  async build(stage) {
    const { deploy, call, accounts, mine } = stage
    const deployer = accounts[0]!
    const users = accounts.slice(4, 8)
    const [trader, thief] = [accounts[10]!, accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const coin = await deploy(readArtifact('AcmeToken'), { args: [deployer, coins('10000000')] })
    const factory = await deploy(readPackaged('@uniswap/v2-core', 'build/UniswapV2Factory.json'), { args: [deployer] })
    await call(factory, 'createPair', [dollar.address, coin.address])
    const address = await stage.read<Hex>(factory, 'getPair', [dollar.address, coin.address])
    const pair = { address, abi: readPackaged('@uniswap/v2-core', 'build/UniswapV2Pair.json').abi }
    await call(dollar, 'mint', [deployer, dollars('3000000')])
    await call(dollar, 'transfer', [pair.address, dollars('1000000')])
    await call(coin, 'transfer', [pair.address, coins('100000')])
    await call(pair, 'mint', [deployer])
    const market = await deploy(readArtifact('SpotMarket'), { args: [dollar.address, coin.address, pair.address] })
    await call(dollar, 'approve', [market.address, maxUint256])
    await call(market, 'supply', [dollars('1500000')])
    for (const user of users) {
      await call(coin, 'transfer', [user, coins('50000')])
      await call(coin, 'approve', [market.address, maxUint256], { from: user })
    }
    for (const account of [trader, thief]) await call(dollar, 'mint', [account, dollars('1000000')])

    const isFirst = BigInt(dollar.address) < BigInt(coin.address)
    /** Buys coins for dollars: what is sent to the pair first, less 0.3 %. */
    const buy = async (from: Hex, amount: bigint) => {
      const [reserve0, reserve1] = await stage.read<readonly [bigint, bigint, number]>(pair, 'getReserves')
      const [reserveIn, reserveOut] = isFirst ? [reserve0, reserve1] : [reserve1, reserve0]
      const out = (amount * 997n * reserveOut) / (reserveIn * 1000n + amount * 997n)
      await call(dollar, 'transfer', [pair.address, amount], { from })
      await call(pair, 'swap', isFirst ? [0n, out, from, '0x'] : [out, 0n, from, '0x'], { from })
    }
    const borrow = async (user: Hex, pledged: string, borrowed: string) => {
      await call(market, 'addCollateral', [coins(pledged)], { from: user })
      await call(market, 'borrow', [dollars(borrowed)], { from: user })
    }
    return {
      protect: [market.address],
      victims: [market.address],
      async ordinary() {
        for (const user of users) {
          await buy(trader, dollars('2000'))
          await mine(5)
          await borrow(user, '1000', '4000')
        }
      },
      async attack() {
        const args = [market.address, pair.address, dollar.address, coin.address]
        const push = await deploy(readArtifact('SpotPush'), { args, from: thief })
        await call(dollar, 'transfer', [push.address, dollars('900000')], { from: thief })
        await call(push, 'strike', [coins('8000'), dollars('190000'), true], { from: thief })
      },
      async twin() {
        await buy(trader, dollars('160000'))
        await mine(4)
        await borrow(users[0]!, '3000', '20000')
      },
    }
  },
}
