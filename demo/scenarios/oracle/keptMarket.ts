import { type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import type { Stage } from '../stage.ts'

export const coins = (amount: string) => parseUnits(amount, 18)
/** A price in dollars, in the eight decimals of the feed. */
const priced = (amount: string) => parseUnits(amount, 8)

export type KeptMarket = {
  market: Bound
  feed: Bound
  coin: Bound
  users: readonly Hex[]
  thief: Hex
  keeper: Hex
  /** The keeper tells the price. */
  post(price: string, from?: Bound): Promise<void>
  /** Somebody pledges so many coins and borrows so many dollars. */
  borrow(account: Hex, pledged: string, borrowed: string): Promise<void>
  /** Half a day of prices around ten dollars, and of users. */
  use(): Promise<void>
}

/** A market that lends a million dollars against coins, at the price of a feed that a keeper writes. */
export async function keptMarket(
  stage: Stage,
  { floor = '0.01', feedFor = async (kept) => kept }: { floor?: string; feedFor?(kept: Bound): Promise<Bound> } = {},
): Promise<KeptMarket> {
  const { deploy, call, skip, accounts } = stage
  const [deployer, keeper, guardian, owner, ...others] = accounts as [Hex, Hex, Hex, Hex, ...Hex[]]
  const users = others.slice(0, 4)
  const thief = accounts[20]!
  const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
  const coin = await deploy(readArtifact('AcmeToken'), { args: [deployer, coins('10000000')] })
  const kept = await deploy(readArtifact('KeptFeed'), { args: [keeper, 'ACME / USD', priced(floor), priced('100000')] })
  const post = async (price: string, to = kept) => {
    await call(to, 'transmit', [priced(price)], { from: keeper })
  }
  await post('10')
  const feed = await feedFor(kept)
  const args = [owner, guardian, dollar.address, coin.address, feed.address]
  const market = await deploy(readArtifact('AcmeMarket'), { args })
  await call(dollar, 'mint', [deployer, dollars('1000000')])
  await call(dollar, 'approve', [market.address, maxUint256])
  await call(market, 'supply', [dollars('1000000')])
  for (const account of [...users, thief]) {
    await call(coin, 'transfer', [account, coins('200000')])
    await call(coin, 'approve', [market.address, maxUint256], { from: account })
    await call(dollar, 'approve', [market.address, maxUint256], { from: account })
  }
  const borrow = async (account: Hex, pledged: string, borrowed: string) => {
    await call(market, 'addCollateral', [coins(pledged)], { from: account })
    await call(market, 'borrow', [dollars(borrowed)], { from: account })
  }
  return {
    ...{ market, feed, coin, users, thief, keeper, post, borrow },
    async use() {
      for (const [index, price] of ['10.02', '9.95', '10.1', '10.04', '10.2', '10.15'].entries()) {
        await skip(3_300)
        await post(price)
        const user = users[index % users.length]!
        if (index < 3) await borrow(user, '2000', '5000')
        else await call(market, 'repay', [dollars('1500')], { from: users[index - 3]! })
      }
    },
  }
}
