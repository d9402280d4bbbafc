import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'

/**
 * What use has shown of a function that paid: by how many transactions it was signed, with how many signatures at least,
 * and how often without one. Plain data.
 */
export type Habit = { signed: number; least: number; unsigned: number }

/** So often must it have been signed before it is known to ask for it. */
const signedMin = 3
/** Who pays as often without one has come to do so by design, or is past saving. */
const unsignedMax = 16
const functionsMax = 128
const countMax = 1_000
const key = 'functions'

/** The functions of ours that paid, with their habits, over the memory of the monitor. */
export function functionBook(memory: Memory) {
  const before = (memory.get(key) ?? []) as [name: string, habit: Habit][]
  const rows = new Map(before)
  let isChanged = false
  return {
    /** Null: nothing says that it must be signed. */
    asks(name: string): Habit | null {
      const habit = rows.get(name)
      return habit && habit.signed >= signedMin && habit.unsigned < unsignedMax ? habit : null
    },
    learn(name: string, count: number): void {
      const { signed, least, unsigned } = rows.get(name) ?? { signed: 0, least: count, unsigned: 0 }
      if (count > 0 && signed >= countMax && count >= least) return
      isChanged = true
      // Who paid without one before it was known has never asked for it.
      const habit =
        count > 0
          ? { signed: signed + 1, least: Math.min(least || count, count), unsigned }
          : { signed, least, unsigned: signed < signedMin ? unsignedMax : unsigned + 1 }
      rows.delete(name)
      rows.set(name, habit)
    },
    /** Those that paid longest ago go first. */
    changes: (): Record<string, Json> => (isChanged ? { [key]: [...rows].slice(-functionsMax) } : {}),
  }
}
