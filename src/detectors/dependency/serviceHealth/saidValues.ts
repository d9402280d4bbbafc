import type { Hex } from '../../../model/chain.ts'

/**
 * A number that a service says again and again, such as a rate: its last value, the largest step between two, and how
 * many steps were seen. Natural logarithms; `last` null: it was no such number. Plain data.
 */
export type Said = { last: number | null; largest: number; steps: number }

/** Steps that are strange: how they compare with the largest before, and what they are at least. */
export type Leap = { place: number; from: number; to: number; grave: boolean }

const placesMax = 4
const stepsMin = 5
const factor = 3
const leastStep = { medium: Math.log(1.25), grave: Math.log(1.5) }

/** Addresses and hashes are larger. */
const largest = 1n << 128n
/** What stays smaller counts or chooses; a rate that becomes zero was larger. */
const smallest = Math.log(1_000)

/** The first numbers of calldata, as logarithms. */
function numbersIn(input: Hex): (number | null)[] {
  const words = input.slice(10, 10 + 64 * placesMax).match(/.{64}/g) ?? []
  return words.map((word) => {
    const value = BigInt(`0x${word}`)
    return value < largest ? Number(Math.log(Math.max(1, Number(value))).toPrecision(9)) : null
  })
}

/** What was said before and now; and where that leaps, though it never did. */
export function hear(before: readonly Said[], input: Hex): { said: Said[]; leap: Leap | null } {
  const now = numbersIn(input)
  const said = now.map((value, place): Said => {
    const known = before[place] ?? { last: null, largest: 0, steps: 0 }
    if (value === null || known.last === null) return { ...known, last: value }
    const step = Math.abs(value - known.last)
    return { last: value, largest: Math.max(known.largest, Number(step.toPrecision(6))), steps: known.steps + 1 }
  })
  const leaps = now.flatMap((value, place): Leap[] => {
    const known = before[place]
    if (value === null || !known || known.last === null || known.steps < stepsMin) return []
    const step = Math.abs(value - known.last)
    if (Math.max(value, known.last) < smallest || step <= Math.max(leastStep.medium, factor * known.largest)) return []
    return [{ place, from: Math.exp(known.last), to: Math.exp(value), grave: step > leastStep.grave }]
  })
  return { said, leap: leaps[0] ?? null }
}
