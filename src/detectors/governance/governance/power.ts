import { z } from 'zod'
import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import type { GovernanceLog } from './governanceLogs.ts'

/**
 * How the votes of one account grew within a week: `gained` on balance, `peak` the most that it had gained, both decimal
 * strings; `level` in percent of the quorum, as last told of; `at` unix time of the last change.
 */
const powerRow = z.object({
  delegate: hexShape,
  gained: decimalShape,
  peak: decimalShape,
  level: z.number(),
  at: z.number(),
})
export type PowerRow = z.output<typeof powerRow>
const rememberedPower = remembered(z.array(powerRow))

const weekSeconds = 7 * 86_400
const rowsMax = 64
/** Of the quorum, in percent: what is told of, and below the first of which nothing is remembered. */
const levels = [33, 10] as const
const rememberedFrom = 1n

export type Gain = { row: PowerRow; log: GovernanceLog['log']; level: number }

/** The rows after a block, and who has come to a further level. */
export function nextPower(
  rows: readonly PowerRow[],
  { told, quorum, now }: { told: readonly GovernanceLog[]; quorum: bigint; now: number },
): { rows: PowerRow[]; gains: Gain[] } {
  const next = new Map(rows.filter(({ at }) => at > now - weekSeconds).map((row) => [row.delegate, row]))
  const gains = new Map<Address, Gain>()
  for (const { log, values } of logsNamed(told, 'power')) {
    const [delegate, before, after] = values
    const known = next.get(delegate) ?? { delegate, gained: '0', peak: '0', level: 0, at: now }
    const gained = BigInt(known.gained) + after - before
    const peak = gained > BigInt(known.peak) ? gained : BigInt(known.peak)
    const level = levels.find((each) => gained * 100n >= quorum * BigInt(each)) ?? 0
    const row = {
      ...known,
      gained: gained.toString(),
      peak: peak.toString(),
      level: Math.max(level, known.level),
      at: now,
    }
    if (peak * 100n < quorum * rememberedFrom) continue
    next.set(delegate, row)
    if (level > known.level) gains.set(delegate, { row, log, level })
  }
  const kept = [...next.values()].toSorted((a, b) => (BigInt(b.peak) > BigInt(a.peak) ? 1 : -1)).slice(0, rowsMax)
  return { rows: kept, gains: [...gains.values()] }
}

export const powerKey = (votes: Address) => `power ${votes}`
export const powerIn = (memory: Memory, votes: Address | undefined) =>
  (votes && rememberedPower(memory, powerKey(votes))) ?? []
export const powerAsJson = (rows: readonly PowerRow[]): Json => rows.map((row) => ({ ...row }))
