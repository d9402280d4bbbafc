import type { RpcCall } from '../rpc/transport.ts'

/** What is asked, apart from the block whose state it is asked of: of many blocks it is the same question. */
export type Question = {
  /** The same for the same question, in whatever order its keys stand. */
  key: string
  method: string
  /** With `$block` for the block. */
  params: readonly unknown[]
  /** Hash of that block; null: the question names none, or is about the block itself. */
  blockHash: string | null
}

/** Stands in a recording where the question names the block, as `{ blockHash }`. */
export const ofBlock = '$block'

/** Our own questions are flatter than this. */
const depthMax = 16

/** @throws {RangeError} It is nested too deep for a question of ours. */
export function questionOf({ method, params }: RpcCall): Question {
  const blockHash = blockHashIn(params.at(-1))
  const sorted = params.map((param) => inOrder(param, depthMax))
  const own = blockHash === null ? sorted : [...sorted.slice(0, -1), ofBlock]
  return { key: `${method} ${JSON.stringify(own)}`, method, params: own, blockHash }
}

function blockHashIn(param: unknown): string | null {
  if (typeof param !== 'object' || param === null || !('blockHash' in param)) return null
  const { blockHash, ...more } = param
  return typeof blockHash === 'string' && Object.keys(more).length === 0 ? blockHash : null
}

function inOrder(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) throw new RangeError('too deep')
  if (Array.isArray(value)) return value.map((each) => inOrder(each, depth - 1))
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each, depth - 1)]))
}
