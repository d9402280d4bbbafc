import { z } from 'zod'
import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Outcome } from '../../../model/observation.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'

/** By token, in base units. */
export const netShape = z.array(z.tuple([z.union([hexShape, z.literal('native')]), decimalShape]))

/** A new contract that holds an address of ours, as it is remembered. */
const suspect = z.object({
  contract: hexShape,
  creator: hexShape,
  score: z.number(),
  /** Unix time of its creation. */
  time: z.number(),
  /** What it took out of ours, less what it brought. */
  net: netShape,
})
export type Suspect = z.output<typeof suspect>
const rememberedSuspects = remembered(z.array(suspect))

export const suspectsKey = 'suspects'
export const suspectsIn = (memory: Memory) => rememberedSuspects(memory, suspectsKey) ?? []

const suspectsMax = 64
const tokensMax = 8

/** Those that are still young, the highest score kept where there are too many. */
export function keepYoung(suspects: readonly Suspect[], time: number, seconds: number): Suspect[] {
  const young = suspects.filter((each) => each.time > time - seconds)
  if (young.length <= suspectsMax) return young
  const worst = young.toSorted((a, b) => b.score - a.score || b.time - a.time).slice(0, suspectsMax)
  return young.filter((each) => worst.includes(each))
}

/** Whether a suspect had a part in a transaction, as far as this is seen. */
export function involves(
  { transaction, receipt, calls }: Outcome,
  movements: readonly Movement[],
  suspect: Address,
): boolean {
  if (transaction.to === suspect || receipt?.contractAddress === suspect) return true
  if (movements.some(({ from, to }) => from === suspect || to === suspect)) return true
  return calls?.some(({ from, to, reverted }) => !reverted && (from === suspect || to === suspect)) ?? false
}

/** @param moved What left ours by token; negative: what came in. */
export function addNet(known: Suspect['net'], moved: ReadonlyMap<Address | 'native', bigint>): Suspect['net'] {
  const net = new Map(known)
  for (const [token, amount] of moved) net.set(token, (BigInt(net.get(token) ?? 0) + amount).toString())
  return [...net].slice(-tokensMax)
}
