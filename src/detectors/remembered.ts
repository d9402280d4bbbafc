import { z } from 'zod'
import type { Memory } from '../model/detector.ts'
import type { Json } from '../model/finding.ts'
import { UnreadableMemory } from '../model/unreadableMemory.ts'

/** An address, a hash or bytes. */
export const hexShape = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]*$/)])
/** An integer, which may be larger than a number holds. */
export const decimalShape = z.string().regex(/^-?\d{1,100}$/)

/**
 * The one way to what a detector remembers: a row comes back as it was written, or not at all. Another version of the
 * detector may have written it, a dump that was edited, or a hand in the database.
 *
 * @param shape Of plain data, without defaults and transforms. Fields that it does not name may be there.
 * @returns Reads a row; undefined: there is none.
 * @throws {UnreadableMemory} (what it returns) The row is of another shape: the loop forgets it and says so.
 */
export function remembered<Row extends Json | readonly Json[]>(
  shape: z.ZodType<Row, Row>,
): (memory: Memory, key: string) => Row | undefined {
  /** Rows do not change in place: each is looked at once. */
  const looked = new WeakSet<object>()
  return (memory, key) => {
    const value = memory.get(key)
    if (value === undefined) return undefined
    const isNew = typeof value !== 'object' || value === null || !looked.has(value)
    if (isNew && !shape.safeParse(value).success) throw new UnreadableMemory(key)
    if (typeof value === 'object' && value !== null) looked.add(value)
    // Not what parsing gives, which is a copy that nothing keeps from being changed.
    return value as Row
  }
}
