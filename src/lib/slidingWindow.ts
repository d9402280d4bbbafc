/** Sums of a while, by the unix time of the last amount in them, oldest first: plain data, amounts as decimal strings. */
export type WindowRow = [time: number, ...amounts: string[]]

/** A window keeps at most so many rows (and one): what happens within a sixtieth of it is added up. */
const rowsMax = 60

/** The rows that still count at `time`: what happened exactly `seconds` ago has left the window. */
export function withinWindow(rows: readonly WindowRow[], time: number, seconds: number): WindowRow[] {
  return rows.filter(([at]) => at > time - seconds)
}

/**
 * Adds amounts to a window and forgets what has left it. Amounts that share a sixtieth of the window are added up under
 * the time of the last one, so that they stay in the window up to that much too long, never too short.
 */
export function addToWindow(
  rows: readonly WindowRow[],
  { time, amounts, seconds }: { time: number; amounts: readonly bigint[]; seconds: number },
): WindowRow[] {
  const kept = withinWindow(rows, time, seconds)
  const last = kept.at(-1)
  const slot = (at: number) => Math.floor(at / Math.max(1, seconds / rowsMax))
  const joined = last && slot(last[0]) === slot(time) ? last : undefined
  const sums = amounts.map((amount, index) => (amount + BigInt(joined?.[index + 1] ?? 0)).toString())
  return [...(joined ? kept.slice(0, -1) : kept), [time, ...sums]]
}

/** Sums of what is in the window, one for each of `width` columns. */
export function windowSums(
  rows: readonly WindowRow[],
  { time, seconds, width }: { time: number; seconds: number; width: number },
): bigint[] {
  const inside = withinWindow(rows, time, seconds)
  return Array.from({ length: width }, (_, column) =>
    inside.reduce((sum, row) => sum + BigInt(row[column + 1] ?? 0), 0n),
  )
}
