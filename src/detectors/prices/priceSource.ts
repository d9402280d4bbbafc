import { z } from 'zod'
import type { Hex } from '../../model/chain.ts'
import type { Assignment, Memory } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { latestRound, roundOf } from './feedRound.ts'

const decimals = z.int().min(0).max(36)
export const pairOfDecimals = z.tuple([decimals, decimals])
export const inverse = z.boolean().default(false).describe('Take one over the price.')

/** Where a price comes from. All sources of a monitor must give the price of one coin in another, in whole units. */
export const priceSource = z.union([
  z.strictObject({
    feed: contractOption.describe('A feed with the interface of Chainlink.'),
    decimals: decimals.default(8).describe('Decimals of its answer.'),
    inverse,
  }),
  z.strictObject({
    pair: contractOption.describe('A Uniswap v2 pair: how many of token1 for one of token0, at this moment.'),
    decimals: pairOfDecimals.describe('Decimals of token0 and token1.'),
    inverse,
  }),
  z.strictObject({
    pool: contractOption.describe('A Uniswap v3 pool: how many of token1 for one of token0, as a mean over time.'),
    decimals: pairOfDecimals.describe('Decimals of token0 and token1.'),
    window: z.int().min(1).max(86_400).default(1800).describe('Seconds of the mean.'),
    inverse,
  }),
  z.strictObject({
    vault: contractOption.describe('An ERC-4626 vault: how many assets for one share.'),
    decimals: pairOfDecimals.describe('Decimals of shares and assets.'),
    inverse,
  }),
  z.strictObject({
    in: contractOption.describe('Any contract that answers one number.'),
    call: z
      .string()
      .regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex')
      .describe('The calldata of the question.'),
    decimals: decimals.default(18).describe('Decimals of the answer.'),
    inverse,
  }),
])
export type PriceSource = z.output<typeof priceSource>

/** One source, ready to be read. Prices as natural logarithms; null: what it answers is no price. */
export type PriceReader = { name: string; read: Read; priceIn(data: Hex): number | null }

/** A source that may have to be watched for a while. `learns`: it has, so that the past helps. */
export type PriceFollower = {
  name: string
  reads: readonly Read[]
  learns: boolean
  look(observation: Observation, memory: Memory): ({ price: number } | { none: string }) & { remember?: Kept }
}
type Kept = Record<string, Json>

export const noPrice = 'its answer is no price'

/** The first eight words of an answer. */
export const words = (data: Hex): bigint[] =>
  data
    .slice(2, 2 + 64 * 8)
    .match(/.{64}/g)
    ?.map((word) => BigInt(`0x${word}`)) ?? []
const hex = (value: number | bigint) => value.toString(16).padStart(64, '0')
const logOf = (value: bigint | undefined): number | null =>
  value !== undefined && value > 0n ? Math.log(Number(value)) : null
const tens = (count: number) => count * Math.LN10
/** A tick of Uniswap v3 is a hundredth of a percent. */
const perTick = Math.log(1.0001)

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function readerOf(source: PriceSource, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): PriceReader {
  const text =
    'feed' in source
      ? source.feed
      : 'pair' in source
        ? source.pair
        : 'pool' in source
          ? source.pool
          : 'vault' in source
            ? source.vault
            : source.in
  const { name, address: to } = resolveContract(text, assignment)
  const { data, priceIn } = questionOf(source)
  const read: Read = 'feed' in source ? latestRound(to) : { kind: 'call', at: 'block', to, data }
  const turned = (price: number | null) => (price === null || !source.inverse ? price : -price)
  return { name, read, priceIn: (answer) => turned(priceIn(answer)) }
}

function questionOf(source: PriceSource): { data: Hex; priceIn(data: Hex): number | null } {
  const less = (price: number | null, shift: number) => (price === null ? null : price - shift)
  if ('feed' in source) {
    return { data: '0x', priceIn: (data) => less(logOf(roundOf(data)?.answer), tens(source.decimals)) }
  }
  if ('in' in source) {
    return {
      data: source.call.toLowerCase() as Hex,
      priceIn: (data) => less(logOf(words(data)[0]), tens(source.decimals)),
    }
  }
  const [first, second] = source.decimals
  const shift = tens(second - first)
  if ('pair' in source) {
    return {
      data: '0x0902f1ac',
      priceIn(data) {
        const [reserve0, reserve1] = words(data).map(logOf)
        return reserve0 == null || reserve1 == null ? null : reserve1 - reserve0 - shift
      },
    }
  }
  if ('vault' in source) {
    return {
      data: `0x07a2d13a${hex(10n ** BigInt(first))}`,
      priceIn: (data) => less(logOf(words(data)[0]), tens(second)),
    }
  }
  const { window } = source
  return {
    data: `0x883bdbfd${hex(32)}${hex(2)}${hex(window)}${hex(0)}`,
    priceIn(data) {
      // Offset of each of two lists, then the length of the first and its two sums.
      const [, , count, before, now] = words(data)
      if (count !== 2n || before === undefined || now === undefined) return null
      const ticks = Number(BigInt.asIntN(256, now) - BigInt.asIntN(256, before)) / window
      return Math.abs(ticks) <= 900_000 ? ticks * perTick - shift : null
    },
  }
}

/** Null: nobody could answer, or the answer is no price. */
export function priceOf({ priceIn }: PriceReader, result: ReadResult): number | null {
  return result.ok ? priceIn(result.data) : null
}
