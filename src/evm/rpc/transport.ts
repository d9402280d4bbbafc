export type RpcCall = { method: string; params: readonly unknown[] }
export type RpcRequest = RpcCall & { jsonrpc: '2.0'; id: number }

/**
 * One connection to one provider: takes a JSON-RPC request or a batch of them, gives the parsed answer.
 * @throws {RpcError}
 */
export type Transport = {
  send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown>
  onHead?(listener: HeadListener): void
  /** Once only. Absent: nothing is told without being asked for. */
  onPending?(listener: PendingListener): void
  close(): void
}

/** Called when a provider says that there is a new head, with its number if it says so. A hint, never the truth. */
export type HeadListener = (number: number | null) => void

/** Called for each transaction that a provider has heard of and that stands in no block. */
export type PendingListener = {
  /** @param notice Its hash, or all of it, as the provider wrote it: whatever it is. */
  told(notice: unknown): void
  /** @param reason Why the provider tells of none; null: it will. */
  answered(reason: string | null): void
}

/** How much of an answer we take, in bytes: a block of 100,000 logs with its receipts fits. */
export const answerBytesMax = 128 * 1024 * 1024
