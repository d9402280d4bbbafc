import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Change } from '../store/console/listenForChanges.ts'

const mostClients = 64
const heartbeatMs = 15_000
const mostWaiting = 100

/**
 * Live changes as server-sent events, each the JSON of a `Change`. They only say *that* something changed: who hears
 * one asks again. A comment every 15 seconds keeps proxies from hanging up.
 */
export function createEvents(subscribe: (listener: (change: Change) => void) => () => void) {
  let clients = 0

  return (c: Context): Response => {
    if (clients >= mostClients)
      return c.json({ code: 'unavailable', message: `${mostClients} consoles are open already.` }, 503)
    clients++
    return streamSSE(c, async (stream) => {
      /** What is not written yet. Changes of one kind and id are one, so that a slow client costs bounded memory. */
      const waiting = new Map<string, Change>()
      let wake = () => {}
      const unsubscribe = subscribe((change) => {
        const kept: Change = waiting.size < mostWaiting ? change : { kind: 'everything' }
        if (kept.kind === 'everything') waiting.clear()
        waiting.set(`${kept.kind} ${kept.id ?? ''}`, kept)
        wake()
      })
      stream.onAbort(() => wake())
      try {
        await stream.write(': connected\n\n')
        while (!stream.aborted && !stream.closed) {
          if (waiting.size === 0) await wokenOr(heartbeatMs, (callback) => (wake = callback))
          const changes = [...waiting.values()]
          waiting.clear()
          for (const change of changes) await stream.writeSSE({ event: 'change', data: JSON.stringify(change) })
          if (changes.length === 0 && !stream.aborted) await stream.write(': still here\n\n')
        }
      } finally {
        unsubscribe()
        clients--
      }
    })
  }
}

function wokenOr(timeoutMs: number, onWake: (callback: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs)
    onWake(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
