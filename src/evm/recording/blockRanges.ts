/** From one block number to another, both included. */
export type BlockRange = readonly [first: number, last: number]

const rangesMax = 100_000

/** Numbers as text, such as `6-40,43`. */
export function writeRanges(numbers: Iterable<number>): string {
  const ranges: [number, number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** Null: this is no such text. */
export function readRanges(text: string): BlockRange[] | null {
  const parts = text.split(',', rangesMax + 1)
  if (parts.length > rangesMax) return null
  const ranges = parts.map((part): BlockRange | null => {
    const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? []
    return first === undefined || Number(last) < Number(first) ? null : [Number(first), Number(last)]
  })
  return ranges.every((range) => range !== null) ? ranges : null
}

export const holdsNumber = (ranges: readonly BlockRange[], number: number): boolean =>
  ranges.some(([first, last]) => first <= number && number <= last)
