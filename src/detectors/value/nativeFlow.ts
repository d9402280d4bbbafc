import type { Address } from '../../model/chain.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { nativeBalance, readAmount } from '../tokens/balances.ts'

/** Native value that moved in one block. `out` and `in`: at least so much; what went in and out again inside leaves no trace. */
export type NativeFlow = { before: bigint; after: bigint; out: bigint; in: bigint } | { blind: string }

export const nativeReads = (account: Address): Read[] => [
  nativeBalance(account, 'parent'),
  nativeBalance(account, 'block'),
]

/**
 * What left and reached an account, by its balance before and after the block: so internal transfers show without call
 * traces. Value of the transactions to and from the account itself and its gas are reckoned in, so that a deposit in
 * the same block does not hide a withdrawal, and gas is no outflow.
 */
export function nativeFlow(observation: Observation, account: Address): NativeFlow {
  const before = readAmount(observation, nativeBalance(account, 'parent'))
  const after = readAmount(observation, nativeBalance(account, 'block'))
  if (before.amount === null) return { blind: before.blind ?? 'the balance before the block is no number' }
  if (after.amount === null) return { blind: after.blind ?? 'the balance after the block is no number' }

  const known = { in: 0n, out: 0n, gas: 0n }
  for (const { transaction, receipt } of observation.outcomes) {
    if (!receipt) continue
    if (transaction.from === account) known.gas += receipt.gasUsed * receipt.effectiveGasPrice
    if (receipt.status !== 'success' || transaction.from === transaction.to) continue
    if (transaction.from === account) known.out += transaction.value
    if (transaction.to === account) known.in += transaction.value
  }
  const loss = before.amount - after.amount - known.gas
  return {
    before: before.amount,
    after: after.amount,
    out: positive(loss + known.in),
    in: positive(known.out - loss),
  }
}

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n)
