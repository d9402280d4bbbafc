import { z } from 'zod'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'

/** A signature that was accepted, and what left ours by it: base units by token. Plain data. */
const row = z.object({
  key: z.string(),
  call: z.string(),
  once: z.boolean(),
  transaction: hexShape,
  /** Unix time. */
  time: z.number(),
  lost: z.array(z.tuple([z.union([hexShape, z.literal('native')]), decimalShape])),
})
export type Row = z.output<typeof row>
const rememberedRows = remembered(z.array(row))

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
    changed.get(drawer) ?? (rememberedRows(memory, drawer) ?? []).filter(({ time }) => time >= oldest)
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

/**
 * Whether one of these was used before: by the book, earlier in the block, or as one of them.
 * @param seen Those of the block so far; they are added to it.
 */
export function isAgain(
  keys: readonly string[],
  { seen, book }: { seen: Set<string>; book: Pick<ReturnType<typeof signatureBook>, 'find'> },
): boolean {
  let again = false
  for (const key of keys) {
    again ||= seen.has(key) || book.find(key) !== undefined
    seen.add(key)
  }
  return again
}
