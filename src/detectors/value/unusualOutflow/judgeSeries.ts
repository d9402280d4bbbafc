import { type FlowLimits, flowLimit } from '../../../lib/usualFlow.ts'
import type { Address } from '../../../model/chain.ts'
import type { Detection, Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Worth } from '../../prices/priceBook.ts'
import type { TokenLabel } from '../../tokens/tokenBook.ts'
import { claimCreep, claimHour, groupOf, measuredOf } from './claimUnusual.ts'
import { isNewCreep, learnHours, nothingLearned } from './learnHours.ts'
import type { UnusualOutflowOptions } from './options.ts'
import {
  amountOfShare,
  type Hour,
  hourKey,
  hourOf,
  learnedKey,
  type Movement,
  rememberedHour,
  rememberedLearned,
  type Series,
  shareOf,
} from './series.ts'

export const limitsOf = ({ onceIn, cap }: UnusualOutflowOptions): FlowLimits => ({
  chance: 1 / onceIn,
  cap: cap / 100,
})

/** Adds what moved in a block to its hour, learns the hour before where it is over, and says what is unusual. */
export function judgeSeries({
  series,
  movement,
  held,
  memory,
  timestamp,
  options,
  label,
  worthOf,
  show,
}: {
  series: Series
  movement: Movement
  /** Where the block opens a new hour: what was held before it; null: it could not be read. */
  held: bigint | null
  memory: Memory
  timestamp: number
  options: UnusualOutflowOptions
  label: TokenLabel
  /** What so much of it was worth before the block. */
  worthOf(amount: bigint): Worth
  show(address: Address): string
}): Required<Pick<Detection, 'claims' | 'grown'>> & { memory: Record<string, Json> } {
  const limits = limitsOf(options)
  const claims: Claim[] = []
  const number = hourOf(timestamp)
  const known = rememberedHour(memory, hourKey(series))
  let learned = rememberedLearned(memory, learnedKey(series)) ?? nothingLearned()
  const isNew = known?.hour !== number
  if (known && isNew) learned = learnHours(learned, known, number, limits)
  if (isNew && isNewCreep(learned, options.bleed)) {
    learned = { ...learned, toldOfCreep: true, creeps: learned.creeps + 1 }
    const lost = held === null ? null : amountOfShare(learned.lost, held)
    claims.push(claimCreep({ series, learned, hour: number, worth: lost === null ? null : worthOf(lost), show }))
  }
  const begun: Hour = { hour: number, held: held === null ? null : String(held), out: '0', in: '0', told: 'nothing' }
  const { out, in: into, ...rest } = known && !isNew ? known : begun
  const hour: Hour = { ...rest, out: String(BigInt(out) + movement.out), in: String(BigInt(into) + movement.in) }

  const share = shareOf(hour)
  const limit = flowLimit(learned.usual, number, limits)
  if (movement.out > 0n && share !== null && limit !== null && share > limit) {
    const worth = worthOf(BigInt(hour.out))
    const level = levelOf(share, worth, options)
    if (level !== 'nothing' && hour.told !== 'unusual' && hour.told !== level) {
      hour.told = level
      const severity = level === 'medium' ? level : undefined
      claims.push(claimHour({ series, hour, share, limit, learned, label, movement, severity, worth, show }))
    }
  }
  const hasGrown = movement.out > 0n && share !== null && hour.told === 'unusual' && claims.length === 0
  const grown = hasGrown ? [{ group: groupOf(series), measured: measuredOf(share) }] : []
  return { claims, grown, memory: { [hourKey(series)]: hour, ...(isNew && { [learnedKey(series)]: learned }) } }
}

/** What is worth too little is no reason to wake anybody, however unusual it is. What has no price is judged by its share. */
function levelOf(share: number, worth: Worth, { percent, leastUsd = 0 }: UnusualOutflowOptions): Hour['told'] {
  if (200 * share < percent) return 'nothing'
  const isLittle = 'dollars' in worth && worth.dollars < leastUsd
  return 100 * share >= percent && !isLittle ? 'unusual' : 'medium'
}
