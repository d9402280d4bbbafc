import type { Address, Hex, Log } from '../../../model/chain.ts'

/** `Approval(address,address,uint256)` of ERC-20 and ERC-721, and `ApprovalForAll(address,address,bool)`. */
const approvalTopic: Hex = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925'
const forAllTopic: Hex = '0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31'
export const allowanceTopics: readonly Hex[] = [approvalTopic, forAllTopic]

const allowancesMax = 32

/** That an account lets a stranger take a token of it. `amount`: null where it is all items of a collection, or one of them. */
export type Allowance = { owner: Address; spender: Address; token: Address; amount: bigint | null; log: Log }

/** What the watched accounts allow to others than `known`. */
export function allowancesIn(
  logs: readonly Log[],
  { owners, known }: { owners: ReadonlySet<Address>; known: ReadonlySet<Address> },
): Allowance[] {
  return logs.flatMap((log) => readAllowance(log, { owners, known }) ?? []).slice(0, allowancesMax)
}

function readAllowance(
  log: Log,
  { owners, known }: { owners: ReadonlySet<Address>; known: ReadonlySet<Address> },
): Allowance | null {
  const [topic0, first, second] = log.topics
  if (!topic0 || !allowanceTopics.includes(topic0) || !first || !second) return null
  const [owner, spender]: [Address, Address] = [`0x${first.slice(26)}`, `0x${second.slice(26)}`]
  if (!owners.has(owner) || known.has(spender) || owner === spender || /^0x0*$/.test(spender)) return null
  const isItem = log.topics.length === 4
  if (isItem) return { owner, spender, token: log.address, amount: null, log }
  if (log.data.length < 66) return null
  const value = BigInt(log.data.slice(0, 66))
  if (value === 0n) return null
  return { owner, spender, token: log.address, amount: topic0 === forAllTopic ? null : value, log }
}
