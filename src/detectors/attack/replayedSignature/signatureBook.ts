import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'

/** A signature that was accepted, and what left ours by it: base units by token. Plain data. */
export type Row = {
  key: string
  call: string
  once: boolean
  transaction: Hex
  /** Unix time. */
  time: number
  lost: [token: Address | 'native', amount: string][]
}

/** A block writes only the drawers whose rows it changes; together they hold two thousand signatures. */
const [drawers, rowsMax] = [64, 32]

const drawerOf = (key: string): string => `signatures ${Number.parseInt(key.slice(-2), 16) % drawers}`

/**
 * The signatures that were accepted of late, over the memory of the monitor.
 * @param oldest Unix time before which they are forgotten.
 */
export function signatureBook(memory: Memory, oldest: number) {
  const changed = new Map<string, Row[]>()
  const rowsIn = (drawer: string) =>
    changed.get(drawer) ?? ((memory.get(drawer) ?? []) as Row[]).filter(({ time }) => time >= oldest)
  return {
    find: (key: string): Row | undefined => rowsIn(drawerOf(key)).find((row) => row.key === key),
    /** The oldest go first where there are too many. */
    add(row: Row): void {
      const drawer = drawerOf(row.key)
      changed.set(drawer, [...rowsIn(drawer), row].slice(-rowsMax))
    },
    changes: (): Record<string, Json> => Object.fromEntries(changed),
  }
}
