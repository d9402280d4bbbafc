import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Stage } from '../stage.ts'
import { coins } from './keptMarket.ts'

export type SpotMarket = {
  market: Bound
  pair: Bound
  dollar: Bound
  coin: Bound
  users: readonly Hex[]
  trader: Hex
  thief: Hex
  /** Buys coins in the pair for dollars. */
  buy(from: Hex, amount: bigint): Promise<void>
  /** Sells coins in the pair. */
  sell(from: Hex, amount: bigint): Promise<void>
  borrow(account: Hex, pledged: string, borrowed: string): Promise<void>
  /** Small trades and loans. */
  use(): Promise<void>
}

/** A market that lends against coins at the price of a real Uniswap v2 pair. */
export async function spotMarket(stage: Stage): Promise<SpotMarket> {
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
  for (const account of [...users, trader, thief]) {
    await call(coin, 'transfer', [account, coins('50000')])
    await call(coin, 'approve', [market.address, maxUint256], { from: account })
  }
  for (const account of [trader, thief]) await call(dollar, 'mint', [account, dollars('1000000')])

  const isFirst = BigInt(dollar.address) < BigInt(coin.address)
  /** What is given is sent to the pair first; 0.3 % of it is the fee. */
  const swap = async (from: Hex, given: Bound, amount: bigint) => {
    const [reserve0, reserve1] = await stage.read<readonly [bigint, bigint, number]>(pair, 'getReserves')
    const isDollar = given === dollar
    const [reserveIn, reserveOut] = isDollar === isFirst ? [reserve0, reserve1] : [reserve1, reserve0]
    const out = (amount * 997n * reserveOut) / (reserveIn * 1000n + amount * 997n)
    await call(given, 'transfer', [pair.address, amount], { from })
    await call(pair, 'swap', isDollar === isFirst ? [0n, out, from, '0x'] : [out, 0n, from, '0x'], { from })
  }
  const buy = (from: Hex, amount: bigint) => swap(from, dollar, amount)
  const borrow = async (user: Hex, pledged: string, borrowed: string) => {
    await call(market, 'addCollateral', [coins(pledged)], { from: user })
    await call(market, 'borrow', [dollars(borrowed)], { from: user })
  }
  return {
    ...{ market, pair, dollar, coin, users, trader, thief, buy, borrow },
    sell: (from, amount) => swap(from, coin, amount),
    async use() {
      for (const user of users) {
        await buy(trader, dollars('2000'))
        await mine(5)
        await borrow(user, '1000', '4000')
      }
    },
  }
}
