import { deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { type Believed, isBelieved, netOf } from '../losses.ts'

/** A call from outside into one of ours. `position`: among the calls of its transaction. */
export type Entered = { from: Address; to: Address; data: Hex; value: bigint; position: number }

/** What one transaction took out of ours, had a token of ours make, or take from somebody who did not ask for it. */
export type Payment = {
  outcome: Outcome
  /** At least one. */
  entered: readonly Entered[]
  /** The one of them that had it paid. */
  asking: Entered
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

const [enteredMax, partiesMax] = [64, 8]
/** Of the calldata of all calls, in hex digits. */
const dataMax = 131_072

/** Whether its calls can be made again: neither too many nor too long. */
export const isPlayable = ({ entered }: Payment): boolean =>
  entered.length <= enteredMax && entered.reduce((sum, { data }) => sum + data.length, 0) <= dataMax

/** Calls into ours; without traces the transaction itself. */
export function enteredIn({ transaction, receipt, calls }: Outcome, ours: ReadonlySet<Address>): Entered[] {
  if (receipt?.status !== 'success') return []
  const { from, to, input, value } = transaction
  const made = calls
    ? calls.filter((call) => call.kind === 'call' && !call.reverted && !ours.has(call.from))
    : [{ from, to, input, value, position: 0 }]
  return made.flatMap((call): Entered[] =>
    call.to !== null && ours.has(call.to) && call.input.length >= 10
      ? [{ from: call.from, to: call.to, data: call.input, value: call.value, position: call.position }]
      : [],
  )
}

/** Whether it was taken from somebody who did not ask for it. */
export const isTaken = ({ holder }: Payment): boolean => holder !== null && holder !== zeroAddress

/** Those before it make ready, and whoever calls on afterwards hides nothing by it. */
function askingFor(
  token: Address | 'native',
  entered: readonly Entered[],
  { calls = [] }: Outcome,
  ours: ReadonlySet<Address>,
): Entered {
  const payout = calls.findLast(
    ({ kind, from, to, value, reverted }) =>
      kind === 'call' && !reverted && ours.has(from) && (token === 'native' ? value > 0n : to === token),
  )
  const before = payout && entered.findLast(({ position }) => position < payout.position)
  return before ?? entered.at(-1)!
}

/** @param believed A token of a thief would say that whoever asks holds some of it. */
export function paymentsIn(outcome: Outcome, ours: ReadonlySet<Address>, believed: Believed): Payment[] {
  const entered = enteredIn(outcome, ours)
  const movements = entered.length > 0 ? movementsOf(outcome) : []
  if (movements.length === 0) return []
  const callers = new Set([outcome.transaction.from, ...entered.map(({ from }) => from)])
  const deltas = deltasOf(movements)
  const gainers = (token: Address | 'native') =>
    [...(deltas.get(token) ?? [])]
      .toSorted(([, a], [, b]) => (a > b ? -1 : 1))
      .flatMap(([account, delta]) => (delta > 0n ? [account] : []))
  const net = [...netOf(movements, ours)]
  const lost = net.filter(([token, amount]) => amount > 0n && isBelieved(token, believed))
  const paid = (token: Address | 'native', amount: bigint, holder: Address | null): Payment => {
    const isBurned = holder !== null && gainers(token).every((account) => account === zeroAddress)
    const gain = (isBurned && lost[0]) || ([token, amount] as const)
    const got = [...callers, ...gainers(gain[0])].filter((each) => !ours.has(each) && each !== zeroAddress)
    return {
      ...{ outcome, entered, movements, token, amount, holder },
      asking: askingFor(token, entered, outcome, ours),
      gain: { token: gain[0], amount: gain[1] },
      parties: [...new Set(got)].slice(0, partiesMax),
    }
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
  ]
}
