import { toFunctionSelector, toHex } from 'viem/utils'
import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { decimalShape, remembered } from '../../remembered.ts'

/** Votes that a governor asks for, as last read: a decimal string, and the unix time. */
const rememberedQuorum = remembered(z.object({ votes: decimalShape, at: z.number() }))

export const quorumKey = (governor: Address) => `quorum ${governor}`
const staleSeconds = 86_400

export function knownQuorum(memory: Memory, governor: Address, now: number): bigint | null {
  const known = rememberedQuorum(memory, quorumKey(governor))
  return known && known.at > now - staleSeconds ? BigInt(known.votes) : null
}

/** OpenZeppelin asks for a past moment, in blocks or in unix seconds: the other way reverts, or tells of a time before the votes. */
export function readsOfQuorum(governor: Address, { block }: Pick<Observation, 'block'>): Read[] {
  const quorum = toFunctionSelector('quorum(uint256)')
  const moments = [block.number, block.timestamp].map((now) => toHex(Math.max(0, now - 1), { size: 32 }).slice(2))
  const datas = [...moments.map((moment) => `${quorum}${moment}` as const), toFunctionSelector('quorumVotes()')]
  return datas.map((data) => ({ kind: 'call', at: 'block', to: governor, data }))
}

/** The greatest answer; null: nobody tells, or votes count for nothing. */
export function readQuorum(governor: Address, observation: Observation): bigint | null {
  const answers = readsOfQuorum(governor, observation).flatMap((read) => {
    const answer = observation.state(read)
    return answer.ok && answer.data.length === 66 ? [BigInt(answer.data)] : []
  })
  const greatest = answers.reduce((max, each) => (each > max ? each : max), 0n)
  return greatest > 0n ? greatest : null
}
