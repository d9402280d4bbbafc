import { z } from 'zod'
import type { Json } from '../../../model/finding.ts'
import { amountOption, percentOption } from '../../tokens/amounts.ts'
import { tokenOption } from '../../tokens/tokenOption.ts'
import { dollarsOption } from '../dollarsOption.ts'

export const windowNames = ['transaction', 'block', '5m', '1h', '24h'] as const
export type WindowName = (typeof windowNames)[number]

/** Seconds of the windows that have a length. */
export const windowSeconds: Partial<Record<WindowName, number>> = { '5m': 300, '1h': 3_600, '24h': 86_400 }

const limit = {
  percent: percentOption
    .optional()
    .describe(
      'So many percent of what the account held when the window began. Of an ERC-1155 each kind of item is judged alone, if there were ten of it or more.',
    ),
  amount: amountOption.optional().describe('So much, in units of the token.'),
}
const limitGiven = z
  .strictObject(limit)
  .refine(({ percent, amount }) => percent ?? amount, 'give percent, amount or both (both must then be reached)')

export const outflowCapOptions = z
  .strictObject({
    ...limit,
    token: tokenOption.optional(),
    window: z.enum(windowNames).optional().describe('Over which time outflow is added up. Default: 1h.'),
    windows: z
      .partialRecord(z.enum(windowNames), z.union([percentOption, limitGiven]))
      .refine((caps) => Object.keys(caps).length > 0, 'name at least one window')
      .optional()
      .describe(
        'Several caps at once, such as `{ 5m: 10, 24h: { percent: 30, amount: 50000 } }`; a number is percent.',
      ),
    leastUsd: dollarsOption
      .optional()
      .describe(
        'What left and is worth less before the block is `medium`, until more has left. Only of tokens that have `prices`.',
      ),
    net: z
      .boolean()
      .default(false)
      .describe(
        'Compare with the most that was held within the window: what came in since is taken off what went out.',
      ),
  })
  .refine(({ percent, amount, window, windows }) => !windows || (percent ?? amount ?? window) === undefined, {
    message: 'write the limits either under windows: or beside it, not both',
  })
  .refine(({ percent, amount, window }) => window === undefined || (percent ?? amount) !== undefined, {
    message: 'give percent or amount for the window',
  })

export type OutflowCapOptions = z.output<typeof outflowCapOptions>

/** How much may leave within one window. Where both limits are given, both must be reached. */
export type Cap = { window: WindowName; percent?: number | undefined; amount?: string | undefined }

/** Seconds of the longest window; 0 where none has a length. */
export const longestSeconds = (caps: readonly Cap[]): number =>
  Math.max(0, ...caps.map(({ window }) => windowSeconds[window] ?? 0))

/** Hard caps that ordinary use of a vault rarely reaches. */
const usual: readonly Cap[] = [
  { window: 'block', percent: 5 },
  { window: '5m', percent: 10 },
  { window: '1h', percent: 20 },
  { window: '24h', percent: 35 },
]

export function capsOf({ percent, amount, window = '1h', windows }: OutflowCapOptions): readonly Cap[] {
  if (!windows) return (percent ?? amount) === undefined ? usual : [{ window, percent, amount }]
  return windowNames.flatMap((name): Cap[] => {
    const given = windows[name]
    if (given === undefined) return []
    return [{ window: name, ...(typeof given === 'number' ? { percent: given } : given) }]
  })
}

/** All caps as the options write them. Whoever names windows gives up the usual ones, so they stand here as well. */
export function limitsOf(options: OutflowCapOptions): Record<string, Json> {
  const caps = capsOf(options)
  if (!options.windows && (options.percent ?? options.amount) !== undefined) return plainCap(caps[0]!)
  return {
    windows: Object.fromEntries(
      caps.map(({ window, percent, amount }) => [
        window,
        amount === undefined ? percent! : plainCap({ percent, amount }),
      ]),
    ),
  }
}

const plainCap = ({ percent, amount }: Pick<Cap, 'percent' | 'amount'>): Record<string, Json> => ({
  ...(percent !== undefined && { percent }),
  ...(amount !== undefined && { amount }),
})
