import type { Memory } from '../model/detector.ts'
import type { Json } from '../model/finding.ts'
import type { MemoryChange } from '../store/memory.ts'

/** What the monitors of one chain remember, as of the last committed block. */
export type MonitorMemory = {
  of(monitor: string): Memory
  /** Whether a monitor remembers anything. */
  knows(monitor: string): boolean
  /**
   * The changes that `next` makes, without making them. Null forgets a key.
   * @throws {TypeError} It is not plain data, or a key cannot be stored.
   */
  changes(monitor: string, next: Record<string, Json>): MemoryChange[]
  apply(changes: readonly MemoryChange[]): void
}

const keyMax = 500

export function createMonitorMemory(rows: Iterable<{ monitor: string; key: string; value: Json }>): MonitorMemory {
  const values = new Map<string, Map<string, Json>>()
  const set = (monitor: string, key: string, value: Json | undefined) => {
    const own = values.get(monitor) ?? new Map<string, Json>()
    values.set(monitor, own)
    if (value === undefined) own.delete(key)
    else own.set(key, frozen(value))
  }
  for (const { monitor, key, value } of rows) set(monitor, key, value)

  return {
    of: (monitor) => ({ get: (key) => values.get(monitor)?.get(key) }),
    knows: (monitor) => (values.get(monitor)?.size ?? 0) > 0,
    changes: (monitor, next) =>
      Object.entries(next).map(([key, value]) => ({
        monitor,
        key: storable(key),
        before: values.get(monitor)?.get(key),
        after: asStored(value) ?? undefined,
      })),
    apply(changes) {
      for (const { monitor, key, after } of changes) set(monitor, key, after)
    },
  }
}

/** The value as a restart would read it back: what judges the next block must not differ from that. */
function asStored(value: Json): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json
}

function storable(key: string): string {
  if (key.length <= keyMax && !key.includes('\0')) return key
  throw new TypeError(`a key of the memory is longer than ${keyMax} characters or holds a null character`)
}

/** A detector that changes what it remembers in place, instead of saying so, fails at once. */
function frozen(value: Json): Json {
  if (value !== null && typeof value === 'object') {
    for (const item of Object.values(value)) frozen(item)
    Object.freeze(value)
  }
  return value
}
