import type { Address, Hex } from './chain.ts'

/** Something to be read from the state of a chain: after the block that is judged, or after its parent. */
export type Read = {
  at: 'block' | 'parent'
} /** `from`: as whose call it is tried, where that matters. It changes nothing. */ & (
  | { kind: 'call'; to: Address; data: Hex; from?: Address }
  | { kind: 'balance'; of: Address }
  | { kind: 'storage'; of: Address; slot: Hex }
  | { kind: 'code'; of: Address }
  /** Whose code a proxy runs, wherever its standard keeps that: an address as a word, zero where it is no proxy. */
  | { kind: 'implementation'; of: Address }
)

/** `data`: the answer as hex (return data, 32-byte word, code). Not ok: the call reverted, or nobody could answer. */
export type ReadResult = { ok: true; data: Hex } | { ok: false; reverted: boolean; reason: string }

/** Equal for two reads exactly when they ask the same question. */
export function readKey(read: Read): string {
  if (read.kind === 'call') return `${read.at} call ${read.to} ${read.data}${read.from ? ` from ${read.from}` : ''}`
  if (read.kind === 'storage') return `${read.at} storage ${read.of} ${read.slot}`
  return `${read.at} ${read.kind} ${read.of}`
}
