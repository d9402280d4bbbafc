import type { Evidence } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import type { Book } from './book.ts'
import type { BackingOptions } from './options.ts'
import { isRebase, isRebaseWrittenOff } from './rebase.ts'

/** What became of a book, as far as it is worth telling. `part` of `whole`: by how much each claim is worth less or more. */
export type Verdict = {
  what: 'fell' | 'rose' | 'inflated'
  part: bigint
  whole: bigint
  severity: Severity
  evidence: Evidence
}

/** Less than that many base units, for all who were there before, is rounding. */
const dust = 1_000n
/** So few base units of shares, each worth so many of the assets, are no use but to take from the next who deposits. */
const inflated = { sharesMax: 1_000_000n, worthMin: 1_000_000n, growth: 100n }

/** Compares what stands behind each claim before and after. `last`: as it was when it was last looked at. */
export function judgeBook(
  before: Book,
  after: Book,
  { options, last }: { options: BackingOptions; last: Book | undefined },
): Verdict | null {
  const fall = fallOf(before, after)
  if (fall) return judgeFall(fall, isRebase(before, after) || isRebaseWrittenOff(last, before, after), options)
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
  // In units of the backing. What is missing of a cover is missing for those who came last as well.
  return part > dust * (after.cover ? claims : more(claims, after.claims)) ? { part, whole } : null
}

const more = (a: bigint, b: bigint): bigint => (a > b ? a : b)

function judgeFall({ part, whole }: Fraction, rebased: boolean, options: BackingOptions): Verdict | null {
  const { criticalPercent, highPercent, mediumPercent } = options
  const reaches = (percent: number) => isPercentOf(part, percent, whole)
  const verdict = { what: 'fell', part, whole } as const
  if (!reaches(mediumPercent)) return null
  if (rebased || !reaches(highPercent)) return { ...verdict, severity: 'medium', evidence: rebased ? 'soft' : 'hard' }
  return { ...verdict, severity: reaches(criticalPercent) ? 'critical' : 'high', evidence: 'hard' }
}

function judgeInflation(before: Book, after: Book): Verdict | null {
  const { sharesMax, worthMin, growth } = inflated
  if (after.claims === 0n || after.claims > sharesMax || after.backing < worthMin * after.claims) return null
  const had = before.claims > 0n
  if (had && after.backing * before.claims < growth * before.backing * after.claims) return null
  const { part, whole } = riseOf(before, after)
  return { what: 'inflated', part, whole, severity: 'high', evidence: 'hard' }
}

/** By how much each claim is worth more, beyond rounding. */
export function riseOf(before: Book, after: Book): Fraction {
  const whole = before.backing * after.claims
  const part = after.backing * before.claims - whole
  return { part: part > dust * more(before.claims, after.claims) ? part : 0n, whole }
}

function judgeRise(before: Book, after: Book, { risePercent }: BackingOptions): Verdict | null {
  const { part, whole } = riseOf(before, after)
  if (whole <= 0n || !isPercentOf(part, risePercent / 5, whole)) return null
  const severity = isPercentOf(part, risePercent, whole) ? 'high' : 'medium'
  return { what: 'rose', part, whole, severity, evidence: 'soft' }
}
