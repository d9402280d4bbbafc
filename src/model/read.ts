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
  /**
   * What would be so once some calls had been made, each in its turn, also after one that fails. Nothing is changed.
   * `time`: the unix time in which they are tried; the next block's where it is left out. `rich`: whoever pays coins along has
   * them, so that none of the calls fails for want of them; what it holds afterwards means nothing then.
   */
  | { kind: 'simulation'; calls: readonly SimulatedCall[]; probes: readonly Probe[]; time?: number; rich?: true }
)

/** At most so many in one simulation, of each. */
export const simulatedMax = { calls: 64, probes: 128 } as const

/** `gas`: the most that it may use; 16 million where it is left out. */
export type SimulatedCall = { from: Address; to: Address; data: Hex; value?: bigint; gas?: number }

/** What is asked after a simulation. Calls are made in their order, and each leaves what it changed to the next. */
export type Probe =
  | { kind: 'call'; to: Address; data: Hex; from?: Address }
  | { kind: 'balance'; of: Address }
  | { kind: 'storage'; of: Address; slot: Hex }

/** `data`: the answer as hex (return data, 32-byte word, code; of a simulation what `outcomesOf` reads). Not ok: the call reverted, or nobody could answer. */
export type ReadResult = { ok: true; data: Hex } | { ok: false; reverted: boolean; reason: string }

/** Equal for two reads exactly when they ask the same question. */
export function readKey(read: Read): string {
  if (read.kind === 'call') return `${read.at} call ${read.to} ${read.data}${read.from ? ` from ${read.from}` : ''}`
  if (read.kind === 'simulation') {
    const { at, calls, probes, time, rich } = read
    const made = calls.map(({ from, to, data, value = 0n, gas = '' }) => `${from} ${to} ${data} ${value} ${gas}`)
    return `${at} simulation ${time ?? ''} ${rich ? 'rich ' : ''}[${made.join(', ')}] [${probes.map((probe) => readKey({ at, ...probe })).join(', ')}]`
  }
  if (read.kind === 'storage') return `${read.at} storage ${read.of} ${read.slot}`
  return `${read.at} ${read.kind} ${read.of}`
}
