import type { Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Occasion } from './occasionsAt.ts'

const yes: Hex = `0x${'0'.repeat(63)}1`
/** Levels and masks of rights are small, or one bit. */
const levelMax = 255n
/** What grew so many times is another right. */
const many = 10n
/** As hex digits; what stands behind them is not looked at. */
const [textMax, wordsMax] = [16_384, 8]
/** Digits before the words of a call, and of calls that it hands on: their selectors. */
const shifts = [8, 16, 24]

/**
 * Whether an account may do more than before, by what a view of it answered. Beside yes and no that is a number that the
 * call itself names: a level, ten times as much as before, or of a token, whose balances are known elsewhere, how much it
 * may make.
 */
export function isGain(before: Hex, after: Hex, { kind }: Contract, { entry, transaction }: Occasion): boolean {
  const [was, is] = [before, after].map(wordsOf)
  if (!was || !is || was.length !== is.length) return false
  if (after === yes && is.length === 1) return was[0] === 0n
  const named = namedIn((entry ?? transaction).input)
  return is.some((now, place) => {
    const then = was[place]!
    if (now <= then || !named.has(now)) return false
    if (then > 0n) return now > levelMax && now >= then * many
    return was.every((each) => each === 0n) && (kind === 'erc20' || (now > 1n && isLevel(now)))
  })
}

const isLevel = (number: bigint) => number <= levelMax || (number & (number - 1n)) === 0n

function wordsOf(data: Hex): bigint[] | null {
  const words = data.slice(2).match(/.{64}/g)
  return words && words.length <= wordsMax && data.length === 2 + 64 * words.length
    ? words.map((each) => BigInt(`0x${each}`))
    : null
}

function namedIn(input: Hex): ReadonlySet<bigint> {
  const digits = input.slice(2, textMax)
  const words = shifts.flatMap((shift) => digits.slice(shift).match(/.{64}/g) ?? [])
  return new Set(words.map((each) => BigInt(`0x${each}`)))
}
