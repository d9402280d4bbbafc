/** Numbers in [0, 1): the same ones for the same seed. */
export type Random = () => number

/** A 32-bit xorshift: plenty for traffic, and repeatable. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** A whole amount in [low, high). */
export const amountBetween = (random: Random, low: bigint, high: bigint): bigint =>
  low + (BigInt(Math.floor(random() * 1_000_000)) * (high - low)) / 1_000_000n

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('There is nothing to pick from.')
  return choice
}
