import type { Hex } from '../model/chain.ts'

/**
 * The number that a function answers: alone, or beside a flag that says whether it is valid, as oracles of several makers
 * do. Null: it answers something else.
 */
export function numberOfAnswer(data: Hex | undefined): bigint | null {
  if (data?.length !== 66 && data?.length !== 130) return null
  const words = (data.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`))
  const others = words.filter((word) => word > 1n)
  return others.length > 1 ? null : (others[0] ?? 0n)
}
