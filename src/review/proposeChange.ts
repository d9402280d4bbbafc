import { fitMin, fitPareto, limitAt } from '../lib/peaksOverThreshold.ts'
import { roundUp } from '../lib/roundUp.ts'
import type { Json } from '../model/finding.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Example, Page } from './pages.ts'
import type { Allowance } from './shareBudget.ts'

/**
 * One limit, before and after. `basis`: `tail`, it is what a generalized Pareto distribution that was fitted to the
 * measured values passes as often as the budget allows; `largest`, a tenth above the largest that is to be passed over.
 */
export type Change = {
  limit: string
  was: Json
  now: Json
  basis: 'tail' | 'largest'
  largest: number
  values: number
}

export type Proposal =
  /** `options`: those to be written into the config. */
  | { kind: 'limits'; options: Record<string, Json>; changes: Change[] }
  | { kind: 'severity' | 'shadow' }
  /** There is nothing to be changed before somebody has looked. `out of range`: no limit is large enough. */
  | { kind: 'none'; why: 'proof' | 'out of range' }

export type Advice = {
  /** How many pages rest on proofs that no limit is asked about. */
  proofs: number
  /** Some of those, and of what no limit could have spared. */
  look: Example[]
  proposal: Proposal
}

/** Whether an option may have this value, as far as that can be told without the other options. */
export type Accepts = (option: string, value: Json) => boolean

type Question = { monitor: Monitor; pages: readonly Page[]; allowance: Allowance; accepts: Accepts }

const lookMax = 3

/**
 * The smallest change of one monitor's own limits with which it would have kept to its share of the budget. Proofs of what
 * is wrong whatever its size are to be looked at and never to be tuned away. Where no limit is asked, none is guessed.
 */
export function proposeChange(question: Question): Advice {
  const { pages, monitor } = question
  const proven = pages.flatMap(({ proof }) => proof ?? [])
  const rest = pages.filter(({ proof }) => proof === null)
  const seen = { proofs: proven.length, look: proven.slice(0, lookMax) }
  if (rest.length === 0) return { ...seen, proposal: { kind: 'none', why: 'proof' } }
  if (rest.some((page) => page.hasSigns)) {
    // What hides the signs would hide the proofs as well.
    if (proven.length > 0) return { ...seen, proposal: { kind: 'none', why: 'proof' } }
    const isGraded = rest.some((page) => page.isGraded)
    return { ...seen, proposal: { kind: isGraded || monitor.mode === 'shadow' ? 'shadow' : 'severity' } }
  }
  const changed = proposeLimits(question, rest, proven.length)
  if (changed) return { ...seen, proposal: changed }
  const largest = rest.toSorted((a, b) => excessOf(b, monitor) - excessOf(a, monitor)).map(({ first }) => first)
  return { ...seen, look: [...proven, ...largest].slice(0, lookMax), proposal: { kind: 'none', why: 'out of range' } }
}

function proposeLimits(
  { monitor, allowance, accepts }: Question,
  pages: readonly Page[],
  proofs: number,
): Proposal | null {
  const limits = monitor.watch.limits ?? {}
  const keep = Math.max(0, allowance.pages - proofs)
  const silenced = pages.toSorted((a, b) => excessOf(b, monitor) - excessOf(a, monitor)).slice(keep)
  const paths = [...new Set(silenced.flatMap(({ measured }) => [...measured.keys()]))]
  const options: Record<string, Json> = {}
  const changes: Change[] = []
  for (const path of paths) {
    const was = at(limits, path)
    const [option = '', ...inside] = path.split('.')
    if (!(Number(was) > 0)) return null
    const of = (some: readonly Page[]) => some.flatMap(({ measured }) => measured.get(path) ?? [])
    const largest = Math.max(...of(silenced))
    const chance = Math.max(keep, allowance.expected - proofs) / paths.length
    const candidates = [
      ...tailOf(of(pages), { threshold: Number(was), expected: chance, largest }),
      { basis: 'largest' as const, value: largest * 1.1 },
    ]
    const whole = options[option] ?? limits[option]!
    const found = candidates
      .flatMap(({ basis, value }) => spellings(above(value, largest), was).map((now) => ({ basis, now })))
      .find(({ now }) => accepts(option, put(whole, inside, now)))
    if (!found) return null
    options[option] = put(whole, inside, found.now)
    changes.push({ limit: path, was: was!, ...found, largest, values: of(pages).length })
  }
  return { kind: 'limits', options, changes }
}

/** How many times a limit it measured, by that which it passed farthest. */
function excessOf({ measured }: Page, { watch: { limits = {} } }: Monitor): number {
  return Math.max(...[...measured].map(([path, value]) => value / Number(at(limits, path))))
}

/** What is passed as often as `expected` within the stretch; nothing where too few values were seen, or it is no more than the largest. */
function tailOf(
  values: readonly number[],
  { threshold, expected, largest }: { threshold: number; expected: number; largest: number },
): { basis: 'tail'; value: number }[] {
  const count = values.length
  if (count < fitMin || !(expected > 0)) return []
  const excesses = values.map((value) => Math.max(0, value - threshold))
  const peaks = { learned: count, above: count, sample: [], threshold, excesses, fit: fitPareto(excesses) }
  const value = limitAt(peaks, expected / count)
  return value !== null && Number.isFinite(value) && value > largest ? [{ basis: 'tail', value }] : []
}

/** A short number that is no less, and that the largest does not reach. */
function above(value: number, largest: number): number {
  const short = roundUp(Math.max(value, largest))
  return short > largest ? short : roundUp(largest * 1.01)
}

/** As the limit is written now, and as a whole number where it must be one. */
function spellings(value: number, was: Json | undefined): Json[] {
  if (typeof was === 'number') return [value, Math.ceil(value)]
  const whole = digitsOf(Math.ceil(value))
  return value < 10 ? [value.toFixed(18).replace(/\.?0+$/, ''), whole] : [whole]
}

/** Two digits and zeros, which a double of that size would not have. */
function digitsOf(value: number): string {
  if (value < 1e15) return String(value)
  const [mantissa = '', exponent] = value.toExponential(1).split('e')
  return (BigInt(mantissa.replace('.', '')) * 10n ** BigInt(Number(exponent) - 1)).toString()
}

function at(limits: Readonly<Record<string, Json>>, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>((part, key) => (isRecord(part) ? part[key] : undefined), { ...limits })
}

function put(part: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value
  return isRecord(part) ? { ...part, [key]: put(part[key] ?? null, rest, value) } : part
}

const isRecord = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
