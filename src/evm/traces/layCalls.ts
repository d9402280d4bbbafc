import type { Call, Receipt, Transaction } from '../../model/chain.ts'
import { RpcError } from '../rpc/rpcError.ts'
import type { Frame } from './frame.ts'

/**
 * The calls of a transaction, from the frames in which a provider tells them, if they can be its own: the first one is
 * the transaction, and failed exactly if the transaction did.
 *
 * Calls of precompiled contracts that move nothing are left out, as half of the providers do, so that a call has the
 * same position whoever tells of it.
 * @param receipt Null: not known.
 * @throws {RpcError} They contradict the block.
 */
export function layCalls(frames: readonly Frame[], transaction: Transaction, receipt: Receipt | null): Call[] {
  const calls: Call[] = []
  /** Whether nothing is left of the call around, by its depth. */
  const reverted: boolean[] = []
  for (const [index, frame] of frames.entries()) {
    if (isIdle(frame, frames[index + 1])) continue
    reverted.length = frame.depth
    reverted.push(frame.error !== null || reverted.at(-1) === true)
    calls.push({
      transactionHash: transaction.hash,
      transactionIndex: transaction.index,
      position: calls.length,
      ...frame,
      reverted: reverted.at(-1)!,
    })
  }
  const contradiction = contradictionOf(calls[0], transaction, receipt)
  if (contradiction) {
    throw new RpcError('malformed', `A provider gave a trace of transaction ${transaction.hash} that ${contradiction}.`)
  }
  // One kind of trace counts here what the transaction costs before its first step, the other does not.
  if (receipt) calls[0]!.gasUsed = receipt.gasUsed
  return calls
}

/** 0x01 to 0x11 as of Prague, and 0x100 (RIP-7212). */
const precompiled = /^0x0{37}(00[1-9a-f]|01[01]|100)$/

function isIdle({ depth, kind, to, value }: Frame, next: Frame | undefined): boolean {
  if (depth === 0 || to === null || value !== 0n || kind === 'create' || kind === 'selfdestruct') return false
  return precompiled.test(to) && (next === undefined || next.depth <= depth)
}

function contradictionOf(root: Call | undefined, transaction: Transaction, receipt: Receipt | null): string | null {
  if (!root) return 'has no call'
  const { from, to, value, input } = transaction
  if (root.from !== from) return `begins at ${root.from} instead of ${from}`
  if ((root.kind === 'create') !== (to === null)) return `begins with a ${root.kind}`
  if (to !== null && root.to !== to) return `calls ${root.to} instead of ${to}`
  if (root.value !== value) return `moves ${root.value} wei instead of ${value}`
  if (root.input !== input) return 'has another input'
  if (!receipt) return null
  if (to === null && !root.reverted && receipt.contractAddress !== root.to) return `creates ${root.to}`
  const status = root.reverted ? 'reverted' : 'success'
  if (receipt.status !== 'unknown' && receipt.status !== status) return `has another outcome than its receipt`
  return null
}
