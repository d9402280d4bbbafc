/** A map that forgets what was put in first, once there is too much in it. */
export type BoundedMap<Key, Value> = {
  has(key: Key): boolean
  get(key: Key): Value | undefined
  /** Puts in what is new, or in the place of what was there. Returns whether something older was forgotten for it. */
  set(key: Key, value: Value): boolean
  delete(key: Key): boolean
  values(): Value[]
  /** Takes out so many, what was put in first first. */
  take(count: number): Value[]
  size(): number
}

export function createBoundedMap<Key, Value>(max: number): BoundedMap<Key, Value> {
  const kept = new Map<Key, Value>()
  return {
    has: (key) => kept.has(key),
    get: (key) => kept.get(key),
    set(key, value) {
      kept.set(key, value)
      if (kept.size <= max) return false
      for (const oldest of kept.keys()) return kept.delete(oldest)
      return false
    },
    delete: (key) => kept.delete(key),
    values: () => [...kept.values()],
    take(count) {
      const taken: Value[] = []
      for (const [key, value] of kept) {
        if (taken.length >= count) break
        taken.push(value)
        kept.delete(key)
      }
      return taken
    },
    size: () => kept.size,
  }
}
