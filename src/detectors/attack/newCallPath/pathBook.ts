import { z } from 'zod'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { remembered } from '../../remembered.ts'

/** A block writes only the drawers that it changes; together they hold a thousand paths, the oldest of which go first. */
const rowsMax = 64
const drawerOf = (shape: string): string => `paths ${shape[0]}`
const seenKey = 'seen'

/** Transactions that were learned from, and the unix time of the first. Plain data. */
const rememberedSeen = remembered(z.object({ since: z.number(), transactions: z.number() }))
const rememberedPaths = remembered(z.array(z.string()))

/** When it is known which ways are usual: after so many transactions, or after so many days with some. */
export type WarmUp = { transactions: number; seconds: number }
const fewTransactions = 100

/** The paths that transactions have taken so far, over the memory of the monitor. */
export function pathBook(memory: Memory, warmUp: WarmUp, time: number) {
  const changed = new Map<string, string[]>()
  const before = rememberedSeen(memory, seenKey) ?? { since: time, transactions: 0 }
  let { transactions } = before
  const rowsIn = (drawer: string) => changed.get(drawer) ?? rememberedPaths(memory, drawer) ?? []
  const isWarm = () =>
    transactions >= warmUp.transactions ||
    (transactions >= Math.min(fewTransactions, warmUp.transactions) && time - before.since >= warmUp.seconds)
  return {
    isWarm,
    isKnown: (shape: string): boolean => rowsIn(drawerOf(shape)).includes(shape),
    /** Counts a transaction, as long as that matters, and remembers its path. */
    learn(shape: string): void {
      if (!isWarm()) transactions++
      const drawer = drawerOf(shape)
      const rows = rowsIn(drawer)
      if (!rows.includes(shape)) changed.set(drawer, [...rows, shape].slice(-rowsMax))
    },
    changes: (): Record<string, Json> => ({
      ...Object.fromEntries(changed),
      ...(transactions > before.transactions && { [seenKey]: { since: before.since, transactions } }),
    }),
  }
}
