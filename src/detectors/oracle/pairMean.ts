import { z } from 'zod'
import { durationWords } from '../../lib/durationWords.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Assignment } from '../../model/detector.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { inverse, noPrice, type PriceFollower, pairOfDecimals, words } from '../prices/priceSource.ts'
import { decimalShape, remembered } from '../remembered.ts'

export const pairMean = z.strictObject({
  pair: contractOption.describe('A Uniswap v2 pair: how many of token1 for one of token0, as a mean over time.'),
  decimals: pairOfDecimals.describe('Decimals of token0 and token1.'),
  window: z.int().min(60).max(86_400).describe('Seconds of the mean, for which the pair is watched first.'),
  inverse,
})
export type PairMean = z.output<typeof pairMean>

/** The pair's own sums of its price, times each second of it, as they stood at these times; the newest last. */
const rememberedSums = remembered(z.array(z.object({ time: z.number(), sum: decimalShape })))
/** A sum is kept every so large part of the window, so that the mean is over at most so much more than it. */
const partsOfWindow = 8

const ask = (to: Address, data: Hex): Read => ({ kind: 'call', at: 'block', to, data })

/**
 * The mean over time of the price in a pair, out of the sums that it keeps itself: nobody can push it by a trade, only by
 * holding the price where he wants it.
 * @throws {KnownError} The config has no contract of this name on this chain.
 */
export function pairMeanOf(source: PairMean, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): PriceFollower {
  const { window, decimals, inverse } = source
  const { name, address } = resolveContract(source.pair, assignment)
  // price0CumulativeLast() and getReserves()
  const [total, reserves] = [ask(address, '0x5909c0d5'), ask(address, '0x0902f1ac')]
  const key = `sums ${address} ${window}`
  const shift = (decimals[1] - decimals[0]) * Math.LN10
  return {
    // The same pair may be asked for its price at this moment, too.
    name: `${name} (mean)`,
    reads: [total, reserves],
    learns: true,

    look(observation, memory) {
      const now = observation.block.timestamp
      const sum = sumIn(observation, total, reserves)
      if (typeof sum === 'string') return { none: sum }
      const kept = rememberedSums(memory, key) ?? []
      const from = kept.findLastIndex(({ time }) => now - time >= window)
      const isDue = now - (kept.at(-1)?.time ?? 0) >= window / partsOfWindow
      const remember = isDue ? { [key]: [...kept.slice(Math.max(0, from)), { time: now, sum: sum.toString() }] } : {}
      if (from < 0) return { none: `its mean is known once it was watched for ${durationWords(window)}`, remember }
      const { time, sum: before } = kept[from]!
      const mean = Number(BigInt.asUintN(256, sum - BigInt(before))) / (now - time) / 2 ** 112
      if (!(mean > 0)) return { none: noPrice, remember }
      const price = Math.log(mean) - shift
      return { price: inverse ? -price : price, remember }
    },
  }
}

/** The sum as it would be if somebody traded now, since a pair adds to it only when somebody does; else why there is none. */
function sumIn({ state, block }: Observation, total: Read, reserves: Read): bigint | string {
  const [sum, held] = [state(total), state(reserves)]
  if (!sum.ok) return sum.reason
  if (!held.ok) return held.reason
  const [last] = words(sum.data)
  const [held0, held1, lastTime] = words(held.data)
  if (last === undefined || !held0 || held1 === undefined || lastTime === undefined) return noPrice
  // The pair keeps the time in 32 bits, and lets both overflow.
  const seconds = BigInt.asUintN(32, BigInt(block.timestamp) - lastTime)
  return BigInt.asUintN(256, last + ((held1 << 112n) / held0) * seconds)
}
