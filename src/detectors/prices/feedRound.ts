import type { Address, Hex } from '../../model/chain.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Source } from '../contractOption.ts'

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

/** The newest round of each feed that could be read. @param blind Told why another could not: it is no price for anybody. */
export function readRounds(
  observation: Pick<Observation, 'state'>,
  feeds: readonly Source[],
  blind: string[],
): { feed: Source; round: Round }[] {
  return feeds.flatMap((feed) => {
    const round = readRound(observation, feed.address)
    if (!('blind' in round)) return [{ feed, round }]
    blind.push(`The feed ${feed.name} could not be read: ${round.blind}`)
    return []
  })
}

/** Why not, where it could not be read. */
export function readRound({ state }: Pick<Observation, 'state'>, feed: Address): Round | { blind: string } {
  const result = state(latestRound(feed))
  if (!result.ok) return { blind: result.reason }
  return roundOf(result.data) ?? { blind: 'its answer is no round of a feed' }
}
