import { getContractAddress } from 'viem/utils'
import { z } from 'zod'
import type { Address, Transaction } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Outcome } from '../../../model/observation.ts'
import { hexShape, remembered } from '../../remembered.ts'

export const buildersKey = 'builders'
const rememberedBuilders = remembered(z.array(hexShape))
const buildersMax = 32
/** Creations of one block of which it is reckoned, and nonces: the first of an account, and its last. */
const [creationsMax, noncesMax] = [20, 128]

/**
 * Who deployed what is watched, or with a transaction of their own what the config names: what else they deploy belongs
 * to it. Whoever has a factory make something that others rely on is nobody in particular.
 */
export function buildersIn(
  memory: Memory,
  outcomes: readonly Outcome[],
  { ours, named }: { ours: ReadonlySet<Address>; named: ReadonlySet<Address> },
): Address[] {
  const known = rememberedBuilders(memory, buildersKey) ?? []
  const seen = outcomes.flatMap(({ transaction, receipt, calls }) => {
    if (receipt?.status !== 'success') return []
    const made = transaction.to === null && receipt.contractAddress !== null && named.has(receipt.contractAddress)
    const isInside = calls?.some(({ kind, to, reverted }) => kind === 'create' && !reverted && to && ours.has(to))
    return made || isInside ? [transaction.from] : []
  })
  const creators = outcomes
    .filter(({ transaction, receipt }) => transaction.to === null && receipt?.status === 'success')
    .slice(0, creationsMax)
    .flatMap(({ transaction }) => (hasMade(transaction, ours) ? [transaction.from] : []))
  return [...new Set([...known, ...seen, ...creators])].slice(0, buildersMax)
}

/** Whether one of ours has the address that the chain gave to what an account deployed before: nobody else can have got it. */
function hasMade({ from, nonce }: Transaction, ours: ReadonlySet<Address>): boolean {
  const first = Math.min(nonce, noncesMax)
  const last = Math.max(first, nonce - noncesMax)
  const nonces = [...Array(first).keys(), ...Array.from({ length: nonce - last }, (_, index) => last + index)]
  return nonces.some((each) => ours.has(getContractAddress({ from, nonce: BigInt(each) }).toLowerCase() as Address))
}
