import { toEventSelector } from 'viem/utils'
import type { Address, Hex } from '../model/chain.ts'
import type { Observation } from '../model/observation.ts'
import { executionTopics } from './timelocks/timelockExecutions.ts'

/** `ExecutionSuccess` of a Safe: its signers agreed. */
export const signedTopic: Hex = toEventSelector('ExecutionSuccess(bytes32,uint256)')
const deedTopics: readonly Hex[] = [
  ...executionTopics,
  signedTopic,
  toEventSelector('ExecutionFromModuleSuccess(address)'),
]

/**
 * Whether an account had part in a transaction: it sent it, was called by it, or executed something in it as Safes and
 * timelocks do. Anybody can write events that name it.
 */
export function hasActed(account: Address, index: number, { block }: Pick<Observation, 'block'>): boolean {
  const transaction = block.transactions[index]
  const logs = block.receipts?.[index]?.logs ?? []
  return (
    transaction?.from === account ||
    transaction?.to === account ||
    logs.some(({ address, topics }) => address === account && deedTopics.includes(topics[0]!))
  )
}
