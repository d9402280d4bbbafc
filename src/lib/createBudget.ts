/** So much per second, and no more saved up than that. */
export type Budget = {
  /** How much of what is wanted may be had now. */
  take(wanted: number): number
}

/** @param now Milliseconds, on a clock that only goes forward. */
export function createBudget(perSecond: number, now: () => number): Budget {
  let left = perSecond
  let at = now()
  return {
    take(wanted) {
      const here = now()
      left = Math.min(perSecond, left + ((here - at) * perSecond) / 1000)
      at = here
      const given = Math.min(wanted, Math.floor(left))
      left -= given
      return given
    },
  }
}
