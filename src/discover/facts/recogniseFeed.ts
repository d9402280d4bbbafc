import { toEventSelector } from 'viem/utils'
import type { Address, Hex } from '../../model/chain.ts'
import { addressOf, dataOf, numberAt, smallNumberOf, textOf } from './answerOf.ts'
import type { Answers } from './askState.ts'
import { holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'
import { lastRounds, roundRead } from './probes.ts'
import type { Says } from './says.ts'

const answerUpdatedTopic = toEventSelector('AnswerUpdated(int256,uint256,uint256)')

/** 9999-12-31: what is later is no time. */
const timeMax = 253_402_300_799n
const decimalsMax = 36

/** A price feed behind the interface of Chainlink's. */
export function recogniseFeed(
  address: Address,
  answers: Answers,
  says: Says,
  codes: readonly Hex[],
): ContractFacts['feed'] {
  const latest = says('latestRound')
  const decimals = smallNumberOf(says('decimals'), decimalsMax)
  const updatedAt = timeAt(latest)
  if (latest?.length !== 2 + 5 * 64 || decimals === undefined || updatedAt === undefined) return undefined
  const times = lastRounds(numberAt(latest)!).map((round) => timeAt(dataOf(answers.of(roundRead(address, round)))))
  const known = [...new Set(times.filter((time) => time !== undefined && time > 0))].toSorted((a, b) => b! - a!)
  return {
    description: textOf(says('description')) ?? null,
    decimals,
    answer: BigInt.asIntN(256, numberAt(latest, 1)!),
    updatedAt,
    intervals: known.slice(1).map((time, index) => known[index]! - time!),
    aggregator: addressOf(says('aggregator')) ?? null,
    announces: codes.some((code) => holds(code, answerUpdatedTopic)),
    why: 'it answers latestRoundData() and decimals(), as a price feed does',
  }
}

function timeAt(round: Hex | undefined): number | undefined {
  const time = numberAt(round, 3)
  return time !== undefined && time <= timeMax ? Number(time) : undefined
}
