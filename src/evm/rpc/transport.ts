export type RpcCall = { method: string; params: readonly unknown[] }
export type RpcRequest = RpcCall & { jsonrpc: '2.0'; id: number }

/**
 * One connection to one provider: takes a JSON-RPC request or a batch of them, gives the parsed answer.
 * @throws {RpcError}
 */
export type Transport = {
  send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown>
  /** Calls the listener when the provider says that there is a new head. Only a wake-up, never the truth. */
  onHead?(listener: () => void): void
  close(): void
}

/** How much of an answer we take, in bytes: a block of 100,000 logs with its receipts fits. */
export const answerBytesMax = 128 * 1024 * 1024
