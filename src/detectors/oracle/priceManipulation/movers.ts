import { z } from 'zod'
import type { Address, Log } from '../../../model/chain.ts'
import { hexShape, remembered } from '../../remembered.ts'
import { priceIn } from './pricePoints.ts'

/** Somebody who moved a price, and has not moved it back yet. Prices and distances as natural logarithms. Plain data. */
const mover = z.object({
  from: hexShape,
  /** Block of the first move. */
  block: z.number(),
  /** The price before it. */
  start: z.number(),
  /** A contract that they used since, and how far the price stood from its start then. */
  used: z.object({ user: hexShape, away: z.number() }).nullable(),
  /** That they used it while the price stood very far away was told. */
  told: z.boolean(),
})
export type Mover = z.output<typeof mover>

/** What is remembered of one source while there are movers. Plain data. */
const recentShape = z.object({ last: z.number(), movers: z.array(mover) })
export type Recent = z.output<typeof recentShape>
export const rememberedMovers = remembered(recentShape)

/** A log by which somebody used a contract at a price of their own making, or `isBack` moved that price back after it. */
export type Push = { log: Log; from: Address; user: Address; away: number; rest: number; isBack: boolean }

/** Five minutes on a chain of twelve seconds: whoever holds a price longer pays those who trade against it. */
const blocksMax = 25
const moversMax = 8

type Distances = { grave: number; extreme: number; backThird: number }

/**
 * Follows who moves a price over several transactions, since a use in another block is not seen by looking at one block.
 * @param recent Of the block before; null: nobody had moved the price.
 * @param before The price before the block; null: not known.
 */
export function followMovers(
  recent: Recent | null,
  logs: readonly Log[],
  {
    source,
    before,
    userOf,
    senderOf,
    block,
    distances: { grave, extreme, backThird },
  }: {
    source: Address
    before: number | null
    userOf(log: Log): Address | undefined
    senderOf(log: Log): Address | undefined
    block: number
    distances: Distances
  },
): { recent: Recent | null; pushes: Push[] } {
  const movers = (recent?.movers ?? [])
    .filter((mover) => block - mover.block <= blocksMax)
    .map((mover) => ({ ...mover }))
  const pushes: Push[] = []
  let now = before ?? recent?.last ?? null
  for (const log of logs) {
    const price = log.address === source ? priceIn(log) : null
    const user = price === null ? userOf(log) : undefined
    const from = price === null && !user ? undefined : senderOf(log)
    if (!from) continue
    const known = movers.find((mover) => mover.from === from)
    if (price !== null) {
      if (!known && now !== null) movers.push({ from, block, start: now, used: null, told: false })
      now = price
      const rest = Math.abs(price - (known?.start ?? price))
      if (known?.used && known.used.away > grave && backThird * rest < known.used.away) {
        pushes.push({ log, from, ...known.used, rest, isBack: true })
        movers.splice(movers.indexOf(known), 1)
      }
    } else if (user && known && now !== null) {
      const away = Math.abs(now - known.start)
      if (away > (known.used?.away ?? grave)) known.used = { user, away }
      if (away > extreme && !known.told) {
        known.told = true
        pushes.push({ log, from, user, away, rest: away, isBack: false })
      }
    }
  }
  if (now === null) return { recent: null, pushes }
  const last = now
  // Who moved it little is no mover, unless they used a contract before they moved it back a part of the way.
  const kept = movers.filter(({ start, used }) => used !== null || Math.abs(last - start) > grave).slice(-moversMax)
  return { recent: kept.length > 0 ? { last, movers: kept } : null, pushes }
}
