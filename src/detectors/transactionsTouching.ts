import type { Address, Receipt, Transaction } from '../model/chain.ts'
import type { BlockObservation } from '../model/observation.ts'

/**
 * The transactions of a block that can have changed an account, as far as can be told without call traces: those from
 * or to it and those whose logs come from it or name it; if there is none, the only transaction of the block.
 * Exactly one: it did it, or a transaction that left no sign.
 */
export function transactionsTouching(
  { block: { transactions, receipts } }: Pick<BlockObservation, 'block'>,
  account: Address,
): Transaction[] {
  const topic = `0x${'0'.repeat(24)}${account.slice(2)}`
  const names = (receipt: Receipt | undefined) =>
    receipt?.logs.some(({ address, topics }) => address === account || topics.some((each) => each === topic))
  const effective = transactions.filter(({ index }) => receipts?.[index]?.status !== 'reverted')
  const touching = effective.filter(
    ({ from, to, index }) => from === account || to === account || names(receipts?.[index]),
  )
  if (touching.length > 0) return touching
  return effective.length === 1 ? effective : []
}
