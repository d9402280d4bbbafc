import { KnownError } from '../../model/error.ts'

/**
 * Why a provider gave no usable answer. `answered`: it did answer, with a JSON-RPC error, which another provider
 * may or may not repeat; all others are faults of the provider or of the way to it. `untrue`: well formed, and
 * contradicted by the hashes that it must agree with; `unproved`: it may be the chain that hashes in its own way.
 */
export type RpcFault =
  | 'unreachable'
  | 'timeout'
  | 'rate limited'
  | 'malformed'
  | 'too large'
  | 'wrong chain'
  | 'untrue'
  | 'unproved'
  | 'answered'

const unsupportedPattern =
  /\bmethod\b.{0,60}\b(not (found|supported|available|allowed)|does not exist)|unsupported method/i

/** A provider gave no usable answer. The message names its host only. */
export class RpcError extends KnownError {
  readonly fault: RpcFault
  /** Code of the JSON-RPC error, where there was one. */
  readonly rpcCode: number | undefined
  /** `data` of the JSON-RPC error where it is hex: what a reverted call returned. */
  readonly data: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    fault: RpcFault,
    message: string,
    details: { rpcCode?: number; data?: string; retryAfterMs?: number; cause?: unknown; hints?: string[] } = {},
  ) {
    super('unavailable', message, { ...details, retryable: fault !== 'wrong chain' })
    this.fault = fault
    this.rpcCode = details.rpcCode
    this.data = details.data
    this.retryAfterMs = details.retryAfterMs
  }

  /** The call itself reverted: an answer about the chain, the same from every honest provider. */
  get reverted(): boolean {
    return this.fault === 'answered' && (this.rpcCode === 3 || /revert|out of gas|invalid opcode/i.test(this.message))
  }

  /** The provider does not know the method. */
  get unsupported(): boolean {
    // A contract chooses the words with which it reverts.
    if (this.fault !== 'answered' || this.reverted) return false
    return this.rpcCode === -32601 || this.rpcCode === -32004 || unsupportedPattern.test(this.message)
  }

  /** The provider does not have the block (yet): others behind the same URL may. */
  get unknownBlock(): boolean {
    return (
      this.fault === 'answered' &&
      !this.reverted &&
      /\b(header|block)\b.{0,30}\bnot found|unknown block/i.test(this.message)
    )
  }
}
