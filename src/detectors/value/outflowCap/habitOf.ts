import type { Address } from '../../../model/chain.ts'
import type { Crossing } from './crossings.ts'
import type { Ledger } from './ledger.ts'
import type { Leg } from './leg.ts'

type Payees = NonNullable<Ledger['payees']>

/** Of one account and token; whom it has not paid for longest goes first. */
const payeesMax = 32
/** In so many blocks before, and for so long: whoever tries his own address once and takes the rest has not waited. */
const [blocksMin, knownSeconds] = [2, 600]
/** A payment that is more times as large as the largest before is none of those. */
const timesMax = 100n

const paidTo = (legs: readonly Leg[]): Map<Address, bigint> => {
  const sums = new Map<Address, bigint>()
  for (const { way, other, amount } of legs) {
    if (way === 'out' && other) sums.set(other, (sums.get(other) ?? 0n) + amount)
  }
  return sums
}

/** Whom the account has paid, after a block. */
export function payeesAfter(known: Payees = [], legs: readonly Leg[], time: number): Payees {
  const rows = new Map(known.map((row) => [row[0], row]))
  for (const [to, amount] of paidTo(legs)) {
    const [, first, , blocks, largest] = rows.get(to) ?? [to, time, time, 0, '0']
    rows.delete(to)
    rows.set(to, [to, first, time, blocks + 1, (amount > BigInt(largest) ? amount : BigInt(largest)).toString()])
  }
  return [...rows.values()].slice(-payeesMax)
}

/**
 * Why a cap that was reached pages nobody: those were paid who are paid again and again, and more than half is still there.
 * Null: it is not so.
 *
 * @param known Payees before the block.
 */
export function habitOf(
  { sum, limit, base }: Crossing,
  { known = [], legs, time }: { known: Payees | undefined; legs: readonly Leg[]; time: number },
): string | null {
  if (base === null || 2n * sum >= base) return null
  const rows = new Map(known.map((row) => [row[0], row]))
  const usual = [...paidTo(legs)].filter(([to, amount]) => {
    const [, first, , blocks, largest] = rows.get(to) ?? [to, time, time, 0, '0']
    return blocks >= blocksMin && time - first >= knownSeconds && amount <= timesMax * BigInt(largest)
  })
  const paid = usual.reduce((all, [, amount]) => all + amount, 0n)
  return sum - paid < limit
    ? `it went to ${usual.map(([to]) => to).join(', ')}, whom the account had paid before`
    : null
}
