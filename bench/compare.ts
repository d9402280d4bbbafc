/**
 * Runs variants of a work in turn, so that what else the machine does hits all of them alike.
 * @param prepare Makes what the variants are given, anew for each run and outside of the time that is taken.
 * @returns By variant, the median over the rounds in milliseconds.
 */
export async function compare<Name extends string, Given>(
  variants: Record<Name, (given: Given) => unknown>,
  { rounds, warmUps = 2, prepare }: { rounds: number; warmUps?: number; prepare: () => Given },
): Promise<Record<Name, number>> {
  const names = Object.keys(variants) as Name[]
  const took = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of names) {
      const given = prepare()
      const start = performance.now()
      await variants[name](given)
      if (round >= 0) took.get(name)!.push(performance.now() - start)
    }
  }
  return Object.fromEntries([...took].map(([name, list]) => [name, percentile(list, 50)])) as Record<Name, number>
}

/** The smallest value that so many percent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)]!
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))
