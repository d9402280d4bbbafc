import type { Address, Hex } from '../../model/chain.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'

/** The newest round of a feed with the interface of Chainlink's. Times in unix seconds; a `startedAt` of 0 is not told. */
export type Round = {
  roundId: bigint
  answer: bigint
  startedAt: number
  updatedAt: number
  answeredInRound: bigint
}

export const latestRound = (feed: Address, at: Read['at'] = 'block'): Read => ({
  ...{ kind: 'call', at, to: feed },
  data: '0xfeaf968c',
})

/** 9999-12-31: what is later is no time. */
const timeMax = 253_402_300_799n

export function roundOf(data: Hex): Round | null {
  const word = (index: number) => BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`)
  if (data.length < 2 + 5 * 64 || word(3) > timeMax) return null
  return {
    roundId: word(0),
    answer: BigInt.asIntN(256, word(1)),
    startedAt: word(2) > timeMax ? 0 : Number(word(2)),
    updatedAt: Number(word(3)),
    answeredInRound: word(4),
  }
}

/** The round, or why it is not known: a feed that cannot be read is no price for anybody. */
export function readRound({ state }: Pick<Observation, 'state'>, feed: Address): Round | { blind: string } {
  const result = state(latestRound(feed))
  if (!result.ok) return { blind: result.reason }
  return roundOf(result.data) ?? { blind: 'its answer is no round of a feed' }
}
