import { durationWords } from '../../../lib/durationWords.ts'
import { plainText } from '../../../lib/plainText.ts'
import { paceOf } from '../../../lib/rhythm.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Condition, Level } from '../../conditions.ts'
import type { Habits } from './habits.ts'
import type { ServiceHealthOptions } from './options.ts'

type About = { target: Contract; who: string; options: ServiceHealthOptions; now: number }
type Late = { task: string; since: number; age: number; limit: number; usual: number | null; level: Level }

const ranks: Record<Level, number> = { fine: 0, medium: 1, grave: 2 }

/** That a service is late, and that its calls fail one after the other: both until it works again. */
export function lastingTroubles(habits: Habits, about: About): Condition[] {
  return [silence(habits, about), failing(habits, about)]
}

function silence(habits: Habits, about: About): Condition {
  const { target, who, options } = about
  const all = options.within === undefined ? learned(habits, about) : [promised(habits, options.within, about)]
  const worst = all.toSorted((a, b) => ranks[b.level] - ranks[a.level] || b.age / b.limit - a.age / a.limit)[0]
  const key = `silent ${target.address}`
  if (!worst) return { key, level: 'fine', title: '', facts: {}, evidence: 'soft' }
  const { task, since, age, limit, usual, level } = worst
  const did = task === 'work' ? `"${plainText(options.of ?? task, 60)}" happened at` : `${who} called ${task} of`
  const rule = usual === null ? `it must happen every ${durationWords(limit)}` : `usual is ${durationWords(usual)}`
  return {
    key,
    level,
    title: `${durationWords(age)} have passed since ${task === '' ? `${who} worked at` : did} ${target.name}: ${rule}`,
    facts: { service: who, task, ageSeconds: age, limitSeconds: limit, usualSeconds: usual, lastAt: since },
    evidence: 'soft',
  }
}

/**
 * Twice the limit is grave for what goes by the clock; what comes by need, is shared with others, or was seen for less
 * long than it may be silent (somebody at a keyboard), is told at that.
 */
function learned(habits: Habits, { options, now }: About): Late[] {
  return Object.entries(habits.tasks).flatMap(([task, rhythm]): Late[] => {
    const pace = paceOf(rhythm)
    if (!pace) return []
    const limit = Math.max(pace.limit, options.leastSeconds)
    const age = Math.max(0, now - rhythm.last)
    const isSteady = pace.steady && !rhythm.shared && pace.known >= limit
    const over = age > 2 * limit ? 2 : age > limit ? 1 : 0
    const levels: readonly Level[] = isSteady ? ['fine', 'medium', 'grave'] : ['fine', 'fine', 'medium']
    return [{ task, since: rhythm.last, age, limit, usual: pace.usual, level: levels[over]! }]
  })
}

function promised({ since, tasks }: Habits, limit: number, { now }: About): Late {
  const last = Math.max(since, ...Object.values(tasks).map((task) => task.last))
  const age = Math.max(0, now - last)
  const [task = ''] = Object.entries(tasks).find(([, each]) => each.last === last) ?? []
  return { task, since: last, age, limit, usual: null, level: age > limit ? 'grave' : 'fine' }
}

/** Whoever races others fails often: what counts is a row that is longer than any that ended well. */
function failing({ failing: row, longestFailing }: Habits, { target, who, options }: About): Condition {
  const limit = Math.max(options.failures, 2 * longestFailing)
  return {
    key: `failing ${target.address}`,
    level: row >= 2 * limit ? 'grave' : row >= limit ? 'medium' : 'fine',
    title: `The last ${row.toLocaleString('en')} calls of ${who} at ${target.name} failed`,
    facts: { service: who, failed: row, longestBefore: longestFailing },
    evidence: 'soft',
  }
}
