import { z } from 'zod'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import type { Payment } from './paymentsOf.ts'

/** Whom an account has paid, in one asset, and how much at first. Plain data. */
const payeeShape = z.object({
  to: hexShape,
  asset: z.union([hexShape, z.literal('native')]),
  /** The first payment: in base units, its unix time and its transaction. */
  amount: decimalShape,
  time: z.number(),
  transaction: hexShape,
  told: z.literal(true).exactOptional(),
})
export type Payee = z.output<typeof payeeShape>
export const rememberedPayees = remembered(z.array(payeeShape))

/** Whoever an account pays in assets that are believed, and in others: strangers can make up any number of those. */
const payeesMax = { trusted: 128, others: 32 }

/** A payment to somebody who had first got much less, a short time before. */
export type Pair = { payment: Payment; first: Payee; isHabitKnown: boolean }

/** Others that the account must have paid before, so that a new payee is news. */
const habitMin = 2

/**
 * Enters one payment among the payees of its account.
 * @param times So many times the first payment is much.
 * @param seconds For so long a payee is new.
 */
export function enterPayment(
  payees: readonly Payee[],
  payment: Payment,
  { time, times, seconds, kind }: { time: number; times: number; seconds: number; kind: keyof typeof payeesMax },
): { payees: readonly Payee[]; pair: Pair | null } {
  const { to, asset, amount, transaction } = payment
  const first = payees.find((each) => each.to === to && each.asset === asset)
  if (!first) {
    const fresh: Payee = { to, asset, amount: amount.toString(), time, transaction }
    return { payees: [...payees, fresh].slice(-payeesMax[kind]), pair: null }
  }
  // Who pays twice in one block has not waited for what comes of the first.
  const isNew = time > first.time && time - first.time <= seconds
  if (!isNew || first.told || amount < BigInt(times) * BigInt(first.amount)) return { payees, pair: null }
  const others = new Set(payees.flatMap((each) => (each.time <= first.time && each.to !== to ? [each.to] : [])))
  return { payees, pair: { payment, first, isHabitKnown: others.size >= habitMin } }
}

export const withTold = (payees: readonly Payee[], first: Payee): readonly Payee[] =>
  payees.map((each) => (each === first ? { ...each, told: true as const } : each))
