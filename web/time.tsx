import { useNow } from './useNow.ts'
import { agoWords, utcWords } from './words.ts'

/** A moment: how long ago, and when by the clock in UTC. */
export function Time({ at }: { at: string }) {
  const now = useNow()
  const time = Date.parse(at)
  return (
    <time dateTime={at}>
      {agoWords(time, now)} <span className="clock">· {utcWords(time, now)}</span>
    </time>
  )
}
