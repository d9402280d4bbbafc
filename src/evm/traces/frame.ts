import { plainText } from '../../lib/plainText.ts'
import type { Call } from '../../model/chain.ts'
import { RpcError } from '../rpc/rpcError.ts'

/** One call as a provider tells it; frames stand in the order in which the calls were made. */
export type Frame = Omit<Call, 'transactionHash' | 'transactionIndex' | 'position' | 'reverted'>

/** The EVM lets no call go deeper. */
const depthMax = 1024
/** More than fit into the gas of one transaction: a call costs at least 100. */
const framesMax = 400_000
const errorMax = 100

/** @throws {RpcError} No transaction has so many calls, or such deep ones. */
export function mustFit(frames: readonly Frame[], depth: number): void {
  if (depth <= depthMax && frames.length < framesMax) return
  throw new RpcError('malformed', `A provider gave a trace of ${frames.length} calls and depth ${depth}.`)
}

/** Why a call failed, in one way of saying it where the two kinds of traces differ; null where it did not. */
export function errorOf(raw: unknown): string | null {
  if (raw == null || raw === '') return null
  const words = plainText(typeof raw === 'string' ? raw.slice(0, errorMax) : 'failed', errorMax)
  return /^(execution )?reverted$/i.test(words) ? 'reverted' : words
}
