import { deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { netOf } from '../losses.ts'

/** A call from outside into one of ours. */
export type Entered = { from: Address; to: Address; data: Hex; value: bigint }

/** What one transaction took out of ours, had a token of ours make, or take from somebody who did not ask for it. */
export type Payment = {
  outcome: Outcome
  entered: readonly Entered[]
  movements: readonly Movement[]
  token: Address | 'native'
  amount: bigint
  /** What was got by it: the same, or what somebody was paid for shares that were burned. */
  gain: { token: Address | 'native'; amount: bigint }
  /** Null: ours together. The zero address: it was made. */
  holder: Address | null
  /** Who got it, sent the transaction, or called ours: in whose place a stranger is put. */
  parties: readonly Address[]
}

const [enteredMax, tokensMax, partiesMax] = [8, 3, 8]
/** Of calldata, in hex digits: longer ones are batches of many. */
const dataMax = 40_000

/** Calls into ours; without traces the transaction itself. Empty: there were none, or too many to be made again. */
export function enteredIn({ transaction, receipt, calls }: Outcome, ours: ReadonlySet<Address>): Entered[] {
  if (receipt?.status !== 'success') return []
  const { from, to, input, value } = transaction
  const made = calls
    ? calls.filter((call) => call.kind === 'call' && !call.reverted && !ours.has(call.from))
    : [{ from, to, input, value }]
  const entered = made.flatMap((call): Entered[] =>
    call.to !== null && ours.has(call.to) && call.input.length >= 10
      ? [{ from: call.from, to: call.to, data: call.input, value: call.value }]
      : [],
  )
  const isTooMuch = entered.length > enteredMax || entered.some(({ data }) => data.length > dataMax)
  return isTooMuch ? [] : entered
}

/** Whether it was taken from somebody who did not ask for it. */
export const isTaken = ({ holder }: Payment): boolean => holder !== null && holder !== zeroAddress

export function paymentsIn(outcome: Outcome, ours: ReadonlySet<Address>): Payment[] {
  const entered = enteredIn(outcome, ours)
  const movements = entered.length > 0 ? movementsOf(outcome) : []
  if (movements.length === 0) return []
  const callers = new Set([outcome.transaction.from, ...entered.map(({ from }) => from)])
  const deltas = deltasOf(movements)
  const gainers = (token: Address | 'native') =>
    [...(deltas.get(token) ?? [])].flatMap(([account, delta]) => (delta > 0n ? [account] : []))
  const net = [...netOf(movements, ours)]
  const lost = net.filter(([, amount]) => amount > 0n)
  const paid = (token: Address | 'native', amount: bigint, holder: Address | null): Payment => {
    const isBurned = holder !== null && gainers(token).every((account) => account === zeroAddress)
    const gain = (isBurned && lost[0]) || ([token, amount] as const)
    const got = [...callers, ...gainers(gain[0])].filter((each) => !ours.has(each) && each !== zeroAddress)
    const parties = [...new Set(got)].slice(0, partiesMax)
    return { outcome, entered, movements, token, amount, gain: { token: gain[0], amount: gain[1] }, holder, parties }
  }
  const tokens = [...new Set(entered.map(({ to }) => to))]
  const taken = tokens.flatMap((token): [Address, bigint, Address][] => {
    const losers = [...(deltas.get(token) ?? [])].filter(
      ([account, delta]) => delta < 0n && !ours.has(account) && !callers.has(account) && account !== zeroAddress,
    )
    const [most] = losers.toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    return most ? [[token, -most[1], most[0]]] : []
  })
  const isPaidFor = net.some(([, amount]) => amount < 0n)
  const made = isPaidFor ? [] : tokens.map((token) => [token, -(deltas.get(token)?.get(zeroAddress) ?? 0n)] as const)
  return [
    ...lost.map(([token, amount]) => paid(token, amount, null)),
    ...taken.map(([token, amount, holder]) => paid(token, amount, holder)),
    ...made.flatMap(([token, amount]) => (amount > 0n ? [paid(token, amount, zeroAddress)] : [])),
  ].slice(0, tokensMax)
}
