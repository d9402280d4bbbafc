const burstMax = 10

/** How many messages may be sent now: it fills up at the channel's rate, to a small burst. */
export type Allowance = {
  /** 0: one may be sent now. */
  msToNext(): number
  use(): void
  /** Nothing may be sent for so long. */
  rest(ms: number): void
}

export function createAllowance(perMinute: number): Allowance {
  const most = Math.max(1, Math.min(perMinute, burstMax))
  let credit = most
  let countedAt = performance.now()
  let restsUntil = 0
  return {
    msToNext() {
      const now = performance.now()
      credit = Math.min(most, credit + ((now - countedAt) * perMinute) / 60_000)
      countedAt = now
      const filling = credit >= 1 ? 0 : ((1 - credit) * 60_000) / perMinute
      return Math.ceil(Math.max(filling, restsUntil - now, 0))
    },
    use() {
      credit -= 1
    },
    rest(ms) {
      restsUntil = Math.max(restsUntil, performance.now() + ms)
    },
  }
}
