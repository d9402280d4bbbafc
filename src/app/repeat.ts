import { createSleeper } from '../lib/createSleeper.ts'

/** Does some work again and again until the signal aborts. An error of the work is handed over, and it goes on. */
export async function repeat(
  work: () => Promise<void>,
  { everyMs, signal, onError }: { everyMs: number; signal: AbortSignal; onError(error: unknown): void },
): Promise<void> {
  const sleeper = createSleeper()
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) onError(error)
    }
    await sleeper.sleep(everyMs, signal)
  }
}
