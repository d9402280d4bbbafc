import { getContractAddress } from 'viem/utils'
import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { hexShape, remembered } from '../../remembered.ts'

/** Contracts and who made them, the newest last. Plain data. */
export type Made = [contract: Address, maker: Address][]
export const rememberedMade = remembered(z.array(z.tuple([hexShape, hexShape])))

const madeMax = 64

/** The same list where nothing was made. */
export function addMade(made: Made, outcomes: readonly Outcome[], known: ReadonlySet<Address>): Made {
  const fresh = outcomes.flatMap(({ transaction: { from, to, nonce }, receipt, calls = [] }): Made => {
    if (known.has(from) || receipt?.status === 'reverted') return []
    const inside = calls.flatMap(({ kind, to, reverted }) => (kind === 'create' && to && !reverted ? [to] : []))
    const own = to === null ? [getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address] : []
    const contracts = new Set([...own, ...inside])
    return [...contracts].slice(0, 8).map((contract) => [contract, from])
  })
  return fresh.length > 0 ? [...made, ...fresh].slice(-madeMax) : made
}
