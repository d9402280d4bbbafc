/** What a node was asked, so that a test can count the price of a question. */
export type Journal = {
  /** HTTP requests, each perhaps a whole batch. */
  http: number
  /** JSON-RPC calls over HTTP and WebSocket together. */
  calls: number
  byMethod: Record<string, number>
  /** Calls per HTTP request, in the order of their coming. */
  batchSizes: number[]
  /** The last 10 000 calls, in full. */
  list: { method: string; params: readonly unknown[] }[]
  reset(): void
}

const listMax = 10_000

export function newJournal(): Journal {
  const journal: Journal = {
    http: 0,
    calls: 0,
    byMethod: {},
    batchSizes: [],
    list: [],
    reset() {
      Object.assign(journal, { http: 0, calls: 0, byMethod: {}, batchSizes: [], list: [] })
    },
  }
  return journal
}

export function noteCall(journal: Journal, method: string, params: readonly unknown[]): void {
  journal.calls += 1
  journal.byMethod[method] = (journal.byMethod[method] ?? 0) + 1
  journal.list.push({ method, params })
  if (journal.list.length > listMax) journal.list.shift()
}
