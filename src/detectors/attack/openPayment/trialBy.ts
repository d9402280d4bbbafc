import { outcomesOf } from '../../../evm/simulation.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, Read } from '../../../model/read.ts'
import { numberOf, tokenBalance } from '../../tokens/balances.ts'
import type { Entered, Payment } from './paymentsIn.ts'

type Step = Pick<Entered, 'to' | 'data'>

/** Somebody whom nobody knew before the transaction, so that nobody can have given him anything. */
const strangerOf = ({ outcome }: Payment): Address => `0x${outcome.transaction.hash.slice(-40)}`

/** The same calldata with somebody else in the place of those who took part. */
export function inPlaceOf(data: Hex, parties: readonly Address[], stranger: Address): Hex {
  const selector = data.slice(0, 10)
  let rest = data.slice(10)
  for (const party of parties) rest = replaced(rest, party.slice(2), stranger.slice(2))
  return `${selector}${rest}` as Hex
}

/** At whole bytes only. */
function replaced(digits: string, old: string, next: string): string {
  const parts: string[] = []
  let from = 0
  for (let at = digits.indexOf(old); at >= 0; at = digits.indexOf(old, at + 1)) {
    if (at % 2 === 1 || at < from) continue
    parts.push(digits.slice(from, at), next)
    from = at + old.length
  }
  return parts.join('') + digits.slice(from)
}

/**
 * What would have been, had a stranger who holds nothing made the same calls in the block before, after those by which the
 * sender made ready.
 */
export function trialBy(payment: Payment, steps: readonly Step[]): Read {
  const { entered, parties, gain } = payment
  const stranger = strangerOf(payment)
  const made = [...steps.map((step) => ({ ...step, value: 0n })), ...entered]
  const calls = made.map(({ to, data, value }) => ({
    ...{ from: stranger, to, data: inPlaceOf(data, parties, stranger) },
    ...(value > 0n && { value }),
  }))
  const { at: _, ...balance } = tokenBalance(gain.token as Address, stranger, 'parent')
  const probe: Probe = gain.token === 'native' ? { kind: 'balance', of: stranger } : (balance as Probe)
  const isPaying = calls.some((call) => 'value' in call)
  return { at: 'parent', kind: 'simulation', calls, probes: [probe], ...(isPaying && { rich: true as const }) }
}

/** Whether a stranger would have got at least half of it. `blind`: nobody could tell. */
export function isOpen(
  payment: Payment,
  steps: readonly Step[],
  observation: Pick<Observation, 'state'>,
): boolean | { blind: string } {
  // Whoever pays coins along is lent them, so that what he holds in the end says nothing.
  if (payment.gain.token === 'native' && payment.entered.some(({ value }) => value > 0n)) return false
  const result = observation.state(trialBy(payment, steps))
  if (!result.ok) return result.reverted ? false : { blind: result.reason }
  const [held] = outcomesOf(result.data).after
  const got = held?.ok ? (numberOf(held.data) ?? 0n) : 0n
  return got > 0n && 2n * got >= payment.gain.amount
}
