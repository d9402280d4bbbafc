import { getContractAddress, type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { coins } from '../oracle/keptMarket.ts'
import type { Scenario } from '../scenario.ts'

export const sliverTaken: Scenario = {
  name: 'sliver-of-a-large-bank',
  theme: 'value',
  attack:
    'A contract closes one ticket of a large bank again and again while it is made: little of all, and 1.5 million.',
  twin: 'The owner of three equal tickets, opened before the watch began, closes them at once by a contract of his.',

  async build({ deploy, call, accounts, client, mine, skip }) {
    const [deployer, ana, ben, keeper] = accounts as [Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const price = (amount: string) => parseUnits(amount, 8)
    const coin = await deploy(readArtifact('AcmeToken'), { args: [deployer, coins('20000000')] })
    const feed = await deploy(readArtifact('KeptFeed'), {
      args: [keeper, 'ACME / USD', price('0.01'), price('100000')],
    })
    const post = (amount: string) => call(feed, 'transmit', [price(amount)], { from: keeper })
    await post('10')
    const bank = await deploy(readArtifact('CoinTickets'), { args: [coin.address, feed.address] })
    const clerkOf = async (owner: Hex, amounts: readonly string[]) => {
      const clerk = await deploy(readArtifact('TicketClerk'), { args: [bank.address], from: owner })
      for (const amount of amounts) await call(coin, 'transfer', [clerk.address, coins(amount)])
      await call(clerk, 'open', [amounts.map(coins)], { from: owner })
      return clerk
    }
    await clerkOf(ana, ['6000000', '3850000'])
    const honest = await clerkOf(ben, ['50000', '50000', '50000'])
    await call(coin, 'transfer', [ana, coins('90000')])
    await call(coin, 'transfer', [thief, coins('50000')])
    await call(coin, 'approve', [bank.address, maxUint256], { from: ana })
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const [index, amount] of ['700', '1900', '250'].entries()) {
          await skip(3_000)
          await post(`10.0${index}`)
          await call(bank, 'open', [coins(amount)], { from: ana })
          await mine(4)
        }
        await call(bank, 'close', [6n], { from: ana })
      },
      async attack() {
        const nonce = await client.getTransactionCount({ address: thief })
        const forger = getContractAddress({ from: thief, nonce: BigInt(nonce + 1) })
        await call(coin, 'approve', [forger, maxUint256], { from: thief })
        await deploy(readArtifact('TicketForger'), { args: [bank.address, coins('50000'), 4n], from: thief })
      },
      async twin() {
        await call(honest, 'close', [[2n, 3n, 4n]], { from: ben })
      },
    }
  },
}
