/** A wait that somebody may cut short. */
export type Sleeper = {
  /** Resolves after so many milliseconds, at the next `wake`, or when the signal aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Wakes all who sleep. Where nobody sleeps, the next sleep ends at once: no wake-up is lost. */
  wake(): void
}

export function createSleeper(): Sleeper {
  const sleeping = new Set<() => void>()
  let wokenEarly = false

  return {
    async sleep(ms, signal) {
      if (wokenEarly || signal.aborted) {
        wokenEarly = false
        return
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, Math.min(ms, 2_147_483_647))
      const stop = () => resolve()
      signal.addEventListener('abort', stop)
      sleeping.add(stop)
      await promise
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      sleeping.delete(stop)
    },
    wake() {
      if (sleeping.size === 0) wokenEarly = true
      for (const resolve of sleeping) resolve()
    },
  }
}
