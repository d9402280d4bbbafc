import { z } from 'zod'
import type { Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { KnownError } from '../../../model/error.ts'
import type { Claim } from '../../../model/finding.ts'
import { type Kind, kinds } from '../privilegedEvent.ts'
import { mildened } from './mildened.ts'

const moment = z
  .string()
  .refine(
    (text) => !Number.isNaN(secondsOf(text, 0)),
    'write a day such as 2026-12-01 or a time such as 2026-12-01T14:00Z',
  )

export const plannedOption = z
  .array(
    z.strictObject({
      what: z.enum(kinds),
      from: moment.optional(),
      until: moment,
      by: z
        .string()
        .regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
        .optional(),
    }),
  )
  .max(100)
  .default([])
  .describe(
    'Calendar of planned changes: `what` kind, `until` when (and `from`), `by` whom (sender of the transaction or contract that it calls). Within it signs are low, and changes that are proven, if `by` says who makes them, medium; nothing is hidden.',
  )

const daySeconds = 86_400

/** Unix seconds of a day (of its end, where `rest` is a day) or of a time; without a zone it is UTC. Not a number: it is none. */
function secondsOf(text: string, rest: number): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(text) / 1000 + rest
  const [, time, zone] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? []
  return time === undefined ? Number.NaN : Date.parse(`${time}${zone ?? 'Z'}`) / 1000
}

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
      from: from === undefined ? 0 : secondsOf(from, 0),
      until: secondsOf(until, daySeconds),
      by: (named?.address ?? by)?.toLowerCase(),
      text: `${what} until ${until}${by ? ` by ${by}` : ''}`,
    }
  })
}

/** Within a window signs are low. A proven change stays grave, unless the one who was to make it did: then it is medium. */
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
      (by === undefined ? claim.evidence === 'soft' : by === transaction?.from || by === transaction?.to),
  )
  if (!window) return claim
  return mildened(claim, claim.evidence === 'soft' ? 'low' : 'medium', { planned: `calendar: ${window.text}` })
}
