import { logCountTail } from './countTail.ts'

const confidence = 0.95
const steps = 60

/**
 * The largest mean with which a count as small as this one is still to be expected, at 95 %: after none it is 3 (the rule
 * of three), after one 4.7. The exact bound of a Poisson count.
 */
export function countBound(count: number): number {
  let [low, high] = [count, count + 5 + 5 * Math.sqrt(count + 1)]
  for (let step = 0; step < steps; step++) {
    const mean = (low + high) / 2
    if (logCountTail(count + 1, mean) < Math.log(confidence)) low = mean
    else high = mean
  }
  return high
}
