import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Call, Hex } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { sendSelectors } from '../selectors.ts'

/** A call by which somebody outside had one of ours pay. */
export type PaidCall = {
  target: Address
  input: Hex
  /** What left ours in it: base units by token. At least one. */
  paid: [asset: Address | 'native', amount: bigint][]
}

const [callsMax, assetsMax] = [64, 4]
const ofCaller: Hex = '0xa9059cbb'

/** The paid calls of one transaction, in their order. Without traces only the transaction itself can be one. */
export function paidCallsOf(outcome: Outcome, ours: ReadonlySet<Address>): PaidCall[] {
  const { transaction, receipt, calls } = outcome
  if (!receipt || receipt.status === 'reverted') return []
  if (!calls) {
    const { to, input } = transaction
    if (to === null || !ours.has(to)) return []
    const left = movementsOf(outcome).filter((each) => each.id === null && each.from === to && !ours.has(each.to))
    return paidOf(
      { target: to, input },
      left.map(({ asset, amount }) => [asset, amount]),
    )
  }
  const own = calls.filter((call) => isAsked(call, ours)).slice(0, callsMax)
  let end = 0
  return own.flatMap(({ to, input, position, depth }) => {
    // What is called from within a paid call belongs to it.
    if (position < end) return []
    const next = calls.findIndex((call) => call.position > position && call.depth <= depth)
    end = next === -1 ? calls.length : calls[next]!.position
    const inside = calls.filter((call) => call.position > position && call.position < end)
    return paidOf(
      { target: to!, input },
      inside.flatMap((call) => paymentOf(call, ours)),
    )
  })
}

const isAsked = ({ kind, from, to, reverted }: Call, ours: ReadonlySet<Address>): boolean =>
  kind === 'call' && !reverted && to !== null && ours.has(to) && !ours.has(from)

function paidOf(call: Omit<PaidCall, 'paid'>, payments: readonly [Address | 'native', bigint][]): PaidCall[] {
  const paid = new Map<Address | 'native', bigint>()
  for (const [asset, amount] of payments) {
    if (amount > 0n && (paid.has(asset) || paid.size < assetsMax)) paid.set(asset, (paid.get(asset) ?? 0n) + amount)
  }
  return paid.size > 0 ? [{ ...call, paid: [...paid] }] : []
}

/** Coins that one of ours sends, or a token that it is asked to send of its own. */
function paymentOf({ kind, from, to, value, input, reverted }: Call, ours: ReadonlySet<Address>): PaidCall['paid'] {
  if (kind !== 'call' || reverted || to === null || !ours.has(from) || ours.has(to)) return []
  if (value > 0n) return [['native', value]]
  const selector = input.slice(0, 10) as Hex
  const word = (index: number) => input.slice(10 + 64 * index, 74 + 64 * index)
  const isOurs = (digits: string) => ours.has(`0x${digits.slice(24)}`)
  if (selector === ofCaller && input.length >= 138) return isOurs(word(0)) ? [] : [[to, BigInt(`0x${word(1)}`)]]
  if (sendSelectors.get(selector) !== 'named' || input.length < 202 || !isOurs(word(0)) || isOurs(word(1))) return []
  // Of what has the same name, an item is one.
  return [[to, BigInt(`0x${word(2)}`)]]
}
