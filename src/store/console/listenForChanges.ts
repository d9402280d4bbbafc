import { Client, type ClientConfig } from 'pg'
import type { Change as NotifiedChange } from '../notify.ts'

/**
 * Something that the console shows has changed. `everything`: the connection was lost for a while, so that anything
 * may have.
 */
export type Change = NotifiedChange | { kind: 'everything'; id?: never }

export type Changes = {
  /** @returns Ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void
  close(): Promise<void>
}

const kinds = ['alert', 'chain', 'message', 'silence'] as const satisfies NotifiedChange['kind'][]

/**
 * Hears what writers announce (see `notify`), on one connection of its own. A connection that is lost is made again after 0.25 s, then
 * after ever longer waits of up to 10 s; nobody who listens needs to know more than that everything may have changed.
 *
 * @throws The first connection failed.
 */
export async function listenForChanges(connection: ClientConfig): Promise<Changes> {
  const listeners = new Set<(change: Change) => void>()
  const closing = new AbortController()
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  let client = await listen()

  async function listen(): Promise<Client> {
    const next = new Client({ ...connection, keepAlive: true, application_name: 'tocsin console' })
    let lost = false
    const lose = () => {
      if (lost) return
      lost = true
      void next.end().catch(() => {})
      if (next === client && !closing.signal.aborted) void reconnect()
    }
    next.on('error', lose)
    next.on('end', lose)
    next.on('notification', ({ payload }) => tell(parseChange(payload)))
    try {
      await next.connect()
      await next.query('listen tocsin')
    } catch (error) {
      lost = true
      await next.end().catch(() => {})
      throw error
    }
    return next
  }

  async function reconnect(waitMs = 250): Promise<void> {
    await pause(waitMs, closing.signal)
    if (closing.signal.aborted) return
    try {
      client = await listen()
    } catch {
      return reconnect(Math.min(waitMs * 2, 10_000))
    }
    if (closing.signal.aborted) await client.end()
    else tell({ kind: 'everything' })
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      closing.abort()
      listeners.clear()
      await client.end().catch(() => {})
    },
  }
}

/** Whoever may write to the database may announce anything: what is not understood is taken as "look again". */
function parseChange(payload: string | undefined): Change {
  try {
    const { kind, id } = JSON.parse(payload ?? '') as { kind?: unknown; id?: unknown }
    const known = kinds.find((name) => name === kind)
    if (known) return typeof id === 'string' && id.length <= 200 ? { kind: known, id } : { kind: known }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
  }
  return { kind: 'everything' }
}

function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
