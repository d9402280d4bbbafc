import { z } from 'zod'

const units: Record<string, number> = {
  ...{ s: 1, second: 1, m: 60, minute: 60, h: 3_600, hour: 3_600, d: 86_400, day: 86_400 },
}

/** `90s`, `5m`, `24h`, `7d`, `hour`; undefined: no span of time. */
function secondsOf(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,6})?\s?([a-z]+?)s?$/.exec(text === 's' ? '1s' : text) ?? []
  const seconds = Number(number ?? 1) * (units[unit ?? ''] ?? Number.NaN)
  return seconds >= 1 && seconds <= 31 * 86_400 ? seconds : undefined
}

const span = z.string().transform((text, context) => {
  const seconds = secondsOf(text)
  if (seconds === undefined) context.addIssue({ code: 'custom', message: 'write a time such as 30m, 24h or 7d' })
  return seconds ?? z.NEVER
})

export type Limit = { count: number; seconds: number }

const limit = z.string().transform((text, context): Limit => {
  const [, count, time] = /^(\d{1,9})\s*(?:per|in|\/)\s*(.+)$/.exec(text.trim()) ?? []
  const seconds = secondsOf(time ?? '')
  if (!count || Number(count) === 0 || seconds === undefined) {
    context.addIssue({ code: 'custom', message: 'write a limit such as 50 per hour or 10 per 5m' })
    return z.NEVER
  }
  return { count: Number(count), seconds }
})

export const transactionRateOptions = z.strictObject({
  by: z
    .array(z.enum(['contract', 'selector', 'sender', 'failed']))
    .default(['contract', 'selector', 'sender', 'failed'])
    .describe('What is compared with its own past. An empty list leaves only the limits.'),
  bucket: z.enum(['1m', '5m', '15m', '1h']).default('5m').describe('The time over which is counted.'),
  probability: z
    .number()
    .positive()
    .max(0.01)
    .default(1e-6)
    .describe('Speaks of what would be seen less often than this by chance.'),
  minimum: z.int().min(2).default(20).describe('Fewer transactions in a bucket are never unusual.'),
  warmup: span.prefault('24h').describe('How long it only learns.'),
  acceptAfter: span.prefault('24h').describe('An unusual rate that lasts so long is the new usual one.'),
  limit: limit.optional().describe('Speaks at so many transactions whatever is usual, such as `1000 per hour`.'),
  failed: z
    .union([limit, z.literal(false)])
    .prefault('50 per hour')
    .describe('Speaks at so many failed transactions whatever is usual; `false`: no such limit.'),
})

export type TransactionRateOptions = z.output<typeof transactionRateOptions>

export const bucketSeconds = { '1m': 60, '5m': 300, '15m': 900, '1h': 3_600 } as const
