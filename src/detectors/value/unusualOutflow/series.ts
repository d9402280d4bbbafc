import { z } from 'zod'
import { usualFlowShape } from '../../../lib/usualFlow.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { decimalShape, remembered } from '../../remembered.ts'

/** What one account moves of one asset. */
export type Series = { account: Contract; token: Address | 'native' }

/** What moved in a block; `transactionHash`: the last transaction that took something out, where it is known. */
export type Movement = { out: bigint; in: bigint; transactionHash: Hex | null }

/** The hour that is under way, counted since the epoch. Amounts in base units as decimal strings. Plain data. */
const hourShape = z.object({
  hour: z.number(),
  /** What was held when something first moved in it; null: it could not be read. */
  held: decimalShape.nullable(),
  out: decimalShape,
  in: decimalShape,
  /** What was told of it. */
  told: z.enum(['nothing', 'medium', 'unusual']),
})
export type Hour = z.output<typeof hourShape>
export const rememberedHour = remembered(hourShape)

/** What was learned from the hours before. `lost`: net share that left since the last hour that was no creep. Plain data. */
const learnedShape = z.object({
  usual: usualFlowShape,
  lost: z.number(),
  toldOfCreep: z.boolean(),
  creeps: z.number(),
})
export type Learned = z.output<typeof learnedShape>
export const rememberedLearned = remembered(learnedShape)

export const seriesKey = ({ account, token }: Series): string => `${account.address} ${token}`
export const hourKey = (series: Series): string => `hour ${seriesKey(series)}`
export const learnedKey = (series: Series): string => `learned ${seriesKey(series)}`

export const hourOf = (timestamp: number): number => Math.floor(timestamp / 3600)

const billion = 1_000_000_000n

/** What left in an hour as a share of what was held; null: nothing was held, or it could not be read. */
export function shareOf(hour: Hour, amount = BigInt(hour.out)): number | null {
  if (hour.held === null) return null
  // What was empty when the hour began is measured against what came since.
  const base = hour.held === '0' ? BigInt(hour.in) : BigInt(hour.held)
  return base > 0n ? Number((amount * billion) / base) / Number(billion) : null
}

/** So much is a share of what is held. */
export const amountOfShare = (share: number, held: bigint): bigint =>
  (held * BigInt(Math.round(share * Number(billion)))) / billion
