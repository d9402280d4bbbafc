import type { Memory } from '../model/detector.ts'
import type { Json } from '../model/finding.ts'
import type { MemoryChange } from '../store/memory.ts'

/** What the monitors of one chain remember, as of the last committed block. */
export type MonitorMemory = {
  of(monitor: string): Memory
  /** The changes that `next` makes, without making them. Null forgets a key. */
  changes(monitor: string, next: Record<string, Json>): MemoryChange[]
  apply(changes: readonly MemoryChange[]): void
}

export function createMonitorMemory(rows: Iterable<{ monitor: string; key: string; value: Json }>): MonitorMemory {
  const values = new Map<string, Map<string, Json>>()
  const set = (monitor: string, key: string, value: Json | undefined) => {
    const own = values.get(monitor) ?? new Map<string, Json>()
    values.set(monitor, own)
    if (value === undefined) own.delete(key)
    else own.set(key, value)
  }
  for (const { monitor, key, value } of rows) set(monitor, key, value)

  return {
    of: (monitor) => ({ get: (key) => values.get(monitor)?.get(key) }),
    changes: (monitor, next) =>
      Object.entries(next).map(([key, value]) => ({
        monitor,
        key,
        before: values.get(monitor)?.get(key),
        after: value === null ? undefined : value,
      })),
    apply(changes) {
      for (const { monitor, key, after } of changes) set(monitor, key, after)
    },
  }
}
