import type { Evidence } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import { isPercentOf } from '../amounts.ts'
import type { Book } from './book.ts'
import type { BackingOptions } from './options.ts'

/** What became of a book, as far as it is worth telling. `part` of `whole`: by how much each claim is worth less or more. */
export type Verdict = {
  what: 'fell' | 'rose' | 'inflated'
  part: bigint
  whole: bigint
  severity: Severity
  evidence: Evidence
}

/** Less than that many base units is rounding. */
const dust = 1_000n
/** So few base units of shares, each worth so many of the assets, are no use but to take from the next who deposits. */
const inflated = { sharesMax: 1_000_000n, worthMin: 1_000_000n, growth: 100n }

/** Compares what stands behind each claim before and after. */
export function judgeBook(before: Book, after: Book, options: BackingOptions): Verdict | null {
  const fall = fallOf(before, after)
  if (fall) return judgeFall(fall, isRebase(before, after), options)
  return after.cover ? null : (judgeInflation(before, after) ?? judgeRise(before, after, options))
}

type Fraction = { part: bigint; whole: bigint }

const effective = ({ claims, backing, cover }: Book) => (cover && backing > claims ? claims : backing)

/** By how much each claim is worth less, beyond rounding. */
export function fallOf(before: Book, after: Book): Fraction | null {
  const wasEmpty = before.claims === 0n
  if (after.claims === 0n || (wasEmpty && !after.cover)) return null
  const [backing, claims] = wasEmpty ? [1n, 1n] : [effective(before), before.claims]
  const whole = backing * after.claims
  const part = whole - effective(after) * claims
  // In units of the backing.
  return part > dust * claims ? { part, whole } : null
}

function judgeFall({ part, whole }: Fraction, rebased: boolean, options: BackingOptions): Verdict | null {
  const { criticalPercent, highPercent, mediumPercent } = options
  const reaches = (percent: number) => isPercentOf(part, percent, whole)
  const verdict = { what: 'fell', part, whole } as const
  if (!reaches(mediumPercent)) return null
  if (rebased || !reaches(highPercent)) return { ...verdict, severity: 'medium', evidence: rebased ? 'soft' : 'hard' }
  return { ...verdict, severity: reaches(criticalPercent) ? 'critical' : 'high', evidence: 'hard' }
}

/** Whether a token took from the contract what it took from everybody who holds it, to a thousandth. */
export function isRebase(before: Book, after: Book): boolean {
  return after.held.some((now, index) => {
    const was = before.held[index]
    if (!was || now.supply >= was.supply) return false
    const [expected, real] = [was.amount * now.supply, now.amount * was.supply]
    return isPercentOf(real, 99.9, expected) && isPercentOf(expected, 99.9, real)
  })
}

function judgeInflation(before: Book, after: Book): Verdict | null {
  const { sharesMax, worthMin, growth } = inflated
  if (after.claims === 0n || after.claims > sharesMax || after.backing < worthMin * after.claims) return null
  const had = before.claims > 0n
  if (had && after.backing * before.claims < growth * before.backing * after.claims) return null
  const { part, whole } = riseOf(before, after)
  return { what: 'inflated', part, whole, severity: 'high', evidence: 'hard' }
}

/** By how much each claim is worth more. */
export function riseOf(before: Book, after: Book): Fraction {
  const whole = before.backing * after.claims
  return { part: after.backing * before.claims - whole, whole }
}

function judgeRise(before: Book, after: Book, { risePercent }: BackingOptions): Verdict | null {
  const { part, whole } = riseOf(before, after)
  if (whole <= 0n || !isPercentOf(part, risePercent / 5, whole)) return null
  const severity = isPercentOf(part, risePercent, whole) ? 'high' : 'medium'
  return { what: 'rose', part, whole, severity, evidence: 'soft' }
}
