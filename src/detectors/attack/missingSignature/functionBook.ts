import { z } from 'zod'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { remembered } from '../../remembered.ts'

/**
 * What use has shown of a function that paid: by how many transactions it was signed, with how many signatures at least,
 * and how often without one. Plain data.
 */
const habit = z.object({ signed: z.number(), least: z.number(), unsigned: z.number() })
export type Habit = z.output<typeof habit>
const rememberedRows = remembered(z.array(z.tuple([z.string(), habit])))

/** So often must it have been signed before it is known to ask for it. */
const signedMin = 3
/** Who pays as often without one has come to do so by design, or is past saving. */
const unsignedMax = 16
const functionsMax = 128
const countMax = 1_000
const key = 'functions'

/** The functions of ours that paid, with their habits, over the memory of the monitor. */
export function functionBook(memory: Memory) {
  const rows = new Map(rememberedRows(memory, key))
  let isChanged = false
  return {
    /** Null: nothing says that it must be signed. */
    asks(name: string): Habit | null {
      const known = rows.get(name)
      return known && known.signed >= signedMin && known.unsigned < unsignedMax ? known : null
    },
    learn(name: string, count: number): void {
      const { signed, least, unsigned } = rows.get(name) ?? { signed: 0, least: count, unsigned: 0 }
      if (count > 0 && signed >= countMax && count >= least) return
      isChanged = true
      // Who paid without one before it was known has never asked for it.
      const next =
        count > 0
          ? { signed: signed + 1, least: Math.min(least || count, count), unsigned }
          : { signed, least, unsigned: signed < signedMin ? unsignedMax : unsigned + 1 }
      rows.delete(name)
      rows.set(name, next)
    },
    /** Those that nobody ever signed go first, as anybody may call functions that are not there; then those paid longest ago. */
    changes: (): Record<string, Json> => (isChanged ? { [key]: byUse([...rows]).slice(-functionsMax) } : {}),
  }
}

const byUse = (rows: readonly [string, Habit][]): [string, Habit][] =>
  rows.toSorted(([, a], [, b]) => Number(a.signed > 0) - Number(b.signed > 0))
