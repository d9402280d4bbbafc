import { toFunctionSelector } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'

const selectors = {
  /** Of a Delay: the first that still waits, the one after the last, and seconds. */
  txNonce: toFunctionSelector('txNonce()'),
  queueNonce: toFunctionSelector('queueNonce()'),
  txCooldown: toFunctionSelector('txCooldown()'),
  /** Of an Optimistic Governor: seconds for a dispute; by the hash of a proposal what vouches for it. */
  liveness: toFunctionSelector('liveness()'),
  assertionIds: toFunctionSelector('assertionIds(bytes32)'),
  /** Of Roles: refill, most, period, balance and time of what a role may spend. */
  allowances: toFunctionSelector('allowances(bytes32)'),
  /** Of a Reality module: where its questions are answered. */
  oracle: toFunctionSelector('oracle()'),
} as const

export function moduleRead(to: Address, what: keyof typeof selectors, at: Read['at'], argument: Hex = '0x'): Read {
  return { kind: 'call', to, at, data: `${selectors[what]}${argument.slice(2)}` }
}

/** Null: it has no such function. A text: why nobody could tell. */
export function numberFrom(observation: Observation, read: Read): bigint | null | { blind: string } {
  const answer = observation.state(read)
  if (!answer.ok) return answer.reverted ? null : { blind: answer.reason }
  return answer.data.length === 66 ? BigInt(answer.data) : null
}

/** As `numberFrom`, where it does not matter why it is not known. */
export function knownNumber(observation: Observation, read: Read): bigint | null {
  const number = numberFrom(observation, read)
  return typeof number === 'bigint' ? number : null
}
