import type { RpcCall } from '../rpc/transport.ts'

/** What a chain answered to all that was asked while some of its blocks were judged. */
export type Recording = {
  chainId: number
  /** First and last block that were judged. */
  from: number
  to: number
  /** Null: it was never asked. */
  answerTo(call: RpcCall): RecordedAnswer | null
  /** The number of a block by its hash; null: unknown. */
  numberOf(blockHash: string): number | null
}

export type RecordedAnswer = { result: unknown } | { error: RecordedError }

/** A JSON-RPC error. */
export type RecordedError = { code: number; message: string; data?: string | undefined }

/** Largest recording that is written or read: 170 busy blocks of Ethereum, and what Git hosts still take as one file. */
export const recordingBytesMax = 96 * 1024 * 1024

/** First line of the file. `lines`: how many follow, so that one that was cut short is known by it. */
export type RecordingHeader = {
  kind: 'recording'
  schema: 1
  chainId: number
  from: number
  to: number
  lines: number
}
