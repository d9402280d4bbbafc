import { seededRandom } from '../test/harness/seededRandom.ts'
import { rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { calibration, type OutflowRule, outflowRules } from './statistics/outflowRules.ts'
import { outflowSeries } from './statistics/outflowSeries.ts'

/** Others than those by which the options were chosen, and twice as many as the simulation that set the target. */
const protocols = Array.from({ length: 120 }, (_, number) => 1001 + number)
/** Drains within one hour, as shares of all that is held. */
const drains = [0.02, 0.05, 0.1, 0.3]
/** In so many of a hundred hours it is asked whether a drain would have been seen. */
const triedPercent = 1

/**
 * How often rules for unusual outflow page a team for nothing, and which drains they see: on made-up protocols, each 240
 * days of hours, the first 30 of them to learn from.
 */
export const statistics: Bench = async function* () {
  for (const [rule, create] of Object.entries(outflowRules)) {
    const judged = protocols.map((seed) => judge(create(), seed))
    const sum = (of: (each: Judged) => number) => judged.reduce((total, each) => total + of(each), 0)
    const tried = sum((each) => each.tried)
    const recall = drains.map((drain, place) => [
      `${100 * drain} %`,
      rounded(sum(({ seen }) => seen[place]!) / tried, 2),
    ])
    const rates = judged.map(({ alarms, months }) => alarms / months).toSorted((a, b) => a - b)
    yield {
      figure: `false alarms of ${rule}`,
      value: rounded(sum(({ alarms }) => alarms) / sum(({ months }) => months), 3),
      unit: 'per protocol and month',
      worstProtocol: rounded(rates.at(-1)!, 2),
      recall: Object.fromEntries(recall),
      protocols: protocols.length,
    }
  }
}

type Judged = { alarms: number; months: number; tried: number; seen: number[] }

function judge(rule: OutflowRule, seed: number): Judged {
  const random = seededRandom(seed + 5)
  const series = outflowSeries(seed)
  const judged: Judged = { alarms: 0, months: (series.length - calibration) / 720, tried: 0, seen: drains.map(() => 0) }
  for (const [hour, share] of series.entries()) {
    if (hour >= calibration) {
      const limit = rule.limit(hour)
      if (share > limit) judged.alarms++
      if (100 * random() < triedPercent) {
        judged.tried++
        judged.seen = judged.seen.map((seen, place) => seen + (share + drains[place]! > limit ? 1 : 0))
      }
    }
    rule.learn(hour, share)
  }
  return judged
}
