import type { Address, Hex, Log } from '../../model/chain.ts'

/** `Approval(address,address,uint256)` of ERC-20 and ERC-721, and `ApprovalForAll(address,address,bool)`. */
const approvalTopic: Hex = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925'
const forAllTopic: Hex = '0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31'
export const allowanceTopics: readonly Hex[] = [approvalTopic, forAllTopic]

/** That an account lets another take a token of it. `amount`: null where it is all items of a collection, or one of them. */
export type Allowance = { owner: Address; spender: Address; token: Address; amount: bigint | null; log: Log }

/** What somebody allows to others than `known`: more than nothing, and written as the standards write it. */
export const allowancesIn = (logs: readonly Log[], known: ReadonlySet<Address>): Allowance[] =>
  logs.flatMap((log) => allowanceOf(log) ?? []).filter(({ spender }) => !known.has(spender))

function allowanceOf(log: Log): Allowance | null {
  const { address: token, topics, data } = log
  const [topic0, first, second] = topics
  if (!topic0 || !allowanceTopics.includes(topic0) || !first || !second) return null
  const [owner, spender]: [Address, Address] = [`0x${first.slice(26)}`, `0x${second.slice(26)}`]
  if (owner === spender || /^0x0*$/.test(spender)) return null
  const isItem = topics.length === 4
  if (isItem) return { owner, spender, token, amount: null, log }
  if (data.length < 66) return null
  const value = BigInt(data.slice(0, 66))
  if (value === 0n) return null
  return { owner, spender, token, amount: topic0 === forAllTopic ? null : value, log }
}
