import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import { latestRound, roundOf } from '../../prices/feedRound.ts'

/** How prices are told and read: what a log says, and what the state said before the block. Natural logarithms. */
type Teller = {
  topic0: Hex
  /** Null: this is no price. */
  told(log: Log): number | null
  read(source: Address): Read
  found(data: Hex): number | null
}

const word = (data: Hex, index: number): bigint | null => {
  const digits = data.slice(2 + 64 * index, 66 + 64 * index)
  return digits.length === 64 ? BigInt(`0x${digits}`) : null
}
/** Sources are strangers: what is no positive number is no price. */
const logOf = (value: bigint | null): number | null => (value !== null && value > 0n ? Math.log(Number(value)) : null)

function ratio(data: Hex): number | null {
  const [reserve0, reserve1] = [logOf(word(data, 0)), logOf(word(data, 1))]
  return reserve0 === null || reserve1 === null ? null : reserve1 - reserve0
}
/** The square root of the price, scaled by 2^96. */
function square(root: bigint | null): number | null {
  const half = logOf(root)
  return half === null ? null : 2 * half
}
const parent = (to: Address, data: Hex): Read => ({ kind: 'call', at: 'parent', to, data })

const tellers: readonly Teller[] = [
  {
    // Uniswap v2 and its many forks: Sync(uint112,uint112), getReserves()
    topic0: '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1',
    told: ({ data }) => ratio(data),
    read: (pair) => parent(pair, '0x0902f1ac'),
    found: ratio,
  },
  {
    // Uniswap v3: Swap(address,address,int256,int256,uint160,uint128,int24), slot0()
    topic0: '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
    told: ({ data }) => square(word(data, 2)),
    read: (pool) => parent(pool, '0x3850c7bd'),
    found: (data) => square(word(data, 0)),
  },
  {
    // Feeds that anybody may refresh: AnswerUpdated(int256,uint256,uint256), latestRoundData()
    topic0: '0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f',
    told: ({ topics }) => logOf(topics[1] ? BigInt.asIntN(256, BigInt(topics[1])) : null),
    read: (feed) => latestRound(feed, 'parent'),
    found: (data) => logOf(roundOf(data)?.answer ?? null),
  },
]
const byTopic = new Map(tellers.map((teller) => [teller.topic0, teller]))

/** Topic 0 of every log that tells a price. */
export const priceTopics: readonly Hex[] = [...byTopic.keys()]

const tellerOf = ({ topics }: Log): Teller | undefined => topics[0] && byTopic.get(topics[0])

/** The price that a log tells; null: it tells none. */
export const priceIn = (log: Log): number | null => tellerOf(log)?.told(log) ?? null

/** Where to read the price from before the block, and what to make of the answer. */
export function priceBefore(log: Log): { read: Read; found(data: Hex): number | null } | undefined {
  const teller = tellerOf(log)
  return teller && { read: teller.read(log.address), found: teller.found }
}
