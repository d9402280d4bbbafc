import { useSyncExternalStore } from 'react'
import { call, Refusal } from './call.ts'
import type { Status } from './types.ts'

export type Live = {
  /** Null until the first answer. */
  status: Status | null
  /** Grows with each change of alerts and messages: whoever shows one of them asks again. */
  changes: number
  /** This machine's clock, in milliseconds, when the last answer arrived; null before the first. */
  answeredAt: number | null
  /** Milliseconds to be added to this machine's clock to get the server's. */
  clockSkew: number
  /** The server does not know us. */
  signedOut: boolean
}

const pollMs = 5000
/** Data older than this is shown as stale. */
export const staleAfterMs = 15_000
const longestWaitMs = 30_000

let live: Live = { status: null, changes: 0, answeredAt: null, clockSkew: 0, signedOut: false }
const listeners = new Set<() => void>()
let asking: Promise<void> | null = null
let askAgain = false

function set(changed: Partial<Live>): void {
  live = { ...live, ...changed }
  for (const listener of listeners) listener()
}

/** The newest that the server has said, for as long as the component is shown. */
export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => live,
  )
}

/** Asks for the status now; while one question is on its way, the next waits for it. */
export function refresh(): Promise<void> {
  askAgain = asking !== null
  asking ??= ask().finally(() => {
    asking = null
    if (askAgain) void refresh()
  })
  return asking
}

async function ask(): Promise<void> {
  try {
    const status = await call<Status>('/status')
    const answeredAt = Date.now()
    const changes = live.changes + (live.status && holdings(live.status) !== holdings(status) ? 1 : 0)
    set({ status, changes, answeredAt, clockSkew: Date.parse(status.now) - answeredAt, signedOut: false })
  } catch (error) {
    // Anything else shows by itself: what is on the page grows stale, and the page says so.
    if (error instanceof Refusal && error.status === 401) set({ signedOut: true })
  }
}

/** What a status tells of alerts and messages; two that differ in it mean that something has changed. */
function holdings({ open, counts }: Status): string {
  return JSON.stringify([open, counts])
}

/**
 * Keeps `useLive` up to date. The stream of events only says when to ask; asking every five seconds is what the page
 * relies on, so that a stream that died quietly costs freshness and never truth.
 */
export function startLive(): void {
  void refresh()
  setInterval(() => void refresh(), pollMs)

  let stop = listen()
  document.addEventListener('visibilitychange', () => {
    // Browsers lend all tabs of one server six connections together: a tab that nobody looks at does without its own.
    stop()
    if (document.hidden) return
    void refresh()
    stop = listen()
  })
}

/** Hears of changes until it is told to stop, over as many connections as it takes. */
function listen(): () => void {
  let failures = 0
  let timer: ReturnType<typeof setTimeout>
  let events: EventSource

  const open = () => {
    events = new EventSource('/api/events')
    events.onopen = () => {
      failures = 0
      set({ changes: live.changes + 1 })
      void refresh()
    }
    events.addEventListener('change', ({ data }: MessageEvent<string>) => {
      const { kind } = JSON.parse(data) as { kind: string }
      if (kind !== 'chain') set({ changes: live.changes + 1 })
      void refresh()
    })
    events.onerror = () => {
      events.close()
      failures++
      const waitMs = Math.min(1000 * 2 ** (failures - 1), longestWaitMs)
      timer = setTimeout(open, waitMs * (0.5 + Math.random() / 2))
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    events.close()
  }
}
