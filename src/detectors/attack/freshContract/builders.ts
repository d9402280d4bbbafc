import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Outcome } from '../../../model/observation.ts'
import { hexShape, remembered } from '../../remembered.ts'

export const buildersKey = 'builders'
const rememberedBuilders = remembered(z.array(hexShape))
const buildersMax = 32

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
  return [...new Set([...known, ...seen])].slice(0, buildersMax)
}
