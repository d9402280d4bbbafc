import { hash } from '../../../lib/hash.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'

/** A call of one of ours that failed. */
export type Try = {
  target: Address
  selector: Hex
  /** Of the whole calldata: equal where the arguments are. */
  call: string
}

/** Of one transaction. */
const triesMax = 16

/** The calls from outside into ours that failed in one transaction, whether that failed, too, or went on. */
export function triesOf({ transaction, receipt, calls }: Outcome, ours: ReadonlySet<Address>): Try[] {
  const failed = calls
    ? calls.filter(({ kind, from, error }) => kind === 'call' && error !== null && !ours.has(from))
    : receipt?.status === 'reverted'
      ? [transaction]
      : []
  return failed
    .flatMap(({ to, input }): Try[] => (to !== null && ours.has(to) ? [tryOf(to, input)] : []))
    .slice(0, triesMax)
}

/** What has no selector tries whether coins are taken. */
export const tryOf = (target: Address, input: Hex): Try => ({
  target,
  selector: input.slice(0, 10) as Hex,
  call: hash(input).slice(0, 8),
})
