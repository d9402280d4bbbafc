import { z } from 'zod'
import type { Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { KnownError } from '../../../model/error.ts'
import type { Claim } from '../../../model/finding.ts'
import { endOf, momentOption, secondsOf } from '../../momentOption.ts'
import { type Kind, kinds } from '../privilegedEvent.ts'
import { mildened } from './mildened.ts'

export const plannedOption = z
  .array(
    z.strictObject({
      what: z.enum(kinds),
      from: momentOption.optional(),
      until: momentOption,
      by: z
        .string()
        .regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
        .optional(),
    }),
  )
  .max(100)
  .default([])
  .describe(
    'Calendar of planned changes: `what` kind, `until` when (and `from`), `by` whom (sender of the transaction or contract that it calls). Within it signs are low. What is proven stays as grave as it is, as a thief can read a calendar, too, and says that it was planned.',
  )

export type Window = { kind: Kind; from: number; until: number; by: string | undefined; text: string }

/** @throws {KnownError} A window names a contract that the config does not have. */
export function windowsOf(planned: z.output<typeof plannedOption>, names: ReadonlyMap<string, Contract>): Window[] {
  return planned.map(({ what, from, until, by }) => {
    const named = by?.startsWith('$') ? names.get(by.slice(1)) : undefined
    if (by?.startsWith('$') && !named) {
      throw new KnownError('invalid', `${by}, by whom a change is planned, is no contract of the config on this chain.`)
    }
    return {
      kind: what,
      from: from === undefined ? 0 : secondsOf(from),
      until: endOf(until),
      by: (named?.address ?? by)?.toLowerCase(),
      text: `${what} until ${until}${by ? ` by ${by}` : ''}`,
    }
  })
}

/** Within a window signs are low. A proven change stays as grave as it is: whoever stole the key may know the calendar. */
export function inCalendar(
  claim: Claim,
  windows: readonly Window[],
  { kind, at, transaction }: { kind: Kind; at: number; transaction: Transaction | undefined },
): Claim {
  const window = windows.find(
    ({ by, ...each }) =>
      each.kind === kind &&
      each.from <= at &&
      at < each.until &&
      (by === undefined || by === transaction?.from || by === transaction?.to),
  )
  if (!window) return claim
  const why = { planned: `calendar: ${window.text}` }
  return claim.evidence === 'soft' ? mildened(claim, 'low', why) : { ...claim, facts: { ...claim.facts, ...why } }
}
