/** A month, as budgets count it: 30 days. */
export const monthSeconds = 30 * 86_400

/** Of a budget, what one monitor may page within a stretch. `expected`: a part of a page, where the stretch is too short for one. */
export type Allowance = { pages: number; expected: number }

/**
 * Shares among the monitors what all of them together may page within a stretch. Who pages least comes first: what is rare
 * is worth more than a part of what is frequent. Null: they keep to the budget as they are.
 *
 * @param budget Pages in a month.
 */
export function shareBudget(
  pages: ReadonlyMap<string, number>,
  { budget, seconds }: { budget: number; seconds: number },
): Map<string, Allowance> | null {
  const expected = (budget * seconds) / monthSeconds
  // 0.1 × 3 must not be less than 0.3.
  const allowed = Math.floor(expected + 1e-9)
  const paging = [...pages].filter(([, count]) => count > 0).sort(([, a], [, b]) => a - b)
  const total = paging.reduce((sum, [, count]) => sum + count, 0)
  if (total <= allowed) return null
  let left = allowed
  const shares = paging.map(([monitor, count]) => {
    const own = Math.min(count, left)
    left -= own
    return { monitor, count, own }
  })
  const over = shares.filter(({ count, own }) => own < count)
  const part = (expected - allowed + left) / over.length
  return new Map(over.map(({ monitor, own }) => [monitor, { pages: own, expected: own + part }]))
}
