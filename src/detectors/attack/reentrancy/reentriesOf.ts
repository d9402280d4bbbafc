import type { Address, Call, Hex } from '../../../model/chain.ts'
import {
  callbackSelectors,
  executorSelectors,
  hookSelectors,
  pricingSelectors,
  sendSelectors,
  tokenSelectors,
} from '../selectors.ts'

/** A contract of ours was called by outside code while another call of it, or of a sibling, was still open. */
export type Reentry = {
  /** `contract`: the same contract; `group`: another of ours; `view`: read only, while the other is open. */
  kind: 'contract' | 'group' | 'view'
  outer: Call
  inner: Call
  /** The outside code in between, the nearest to the inner call. */
  stranger: Address
  /**
   * `callback`: lenders and pairs hand on control so as a matter of course. `hook`: so do tokens, which has been abused.
   * `open`: nobody asked for it.
   */
  road: 'callback' | 'hook' | 'open'
  /** Value was paid out both inside and around the inner call. */
  paidTwice: boolean
}

/** One open call. `owner`: whose storage its code works on. */
type Frame = { call: Call; owner: Address; isStatic: boolean }
type Sides = { ours: ReadonlySet<Address>; trusted: ReadonlySet<Address> }
type Found = Omit<Reentry, 'paidTwice'>

/** More of one transaction say nothing new. */
const reentriesMax = 64

export const selectorOf = ({ input }: Call): Hex => input.slice(0, 10) as Hex

/**
 * The re-entries among the calls of one transaction.
 * @param sides.ours The watched contracts, as one group.
 * @param sides.trusted Contracts whose code is known: to pass through them is no way out of the group.
 */
export function reentriesOf(calls: readonly Call[], sides: Sides): Reentry[] {
  const stack: Frame[] = []
  const found: Found[] = []
  for (const call of calls) {
    stack.length = Math.min(stack.length, call.depth)
    stack.push(frameOf(call, stack.at(-1)))
    if (call.reverted || found.length === reentriesMax) continue
    const reentry = isPricing(call) ? readIn(stack, sides) : entryIn(stack, sides)
    if (reentry) found.push(reentry)
  }
  if (found.length === 0) return []
  const payouts = calls.filter((call) => isPayout(call, sides.ours)).map(({ position }) => position)
  return found.map((each) => ({ ...each, paidTwice: isPaidTwice(calls, payouts, each) }))
}

function frameOf(call: Call, around: Frame | undefined): Frame {
  const borrows = call.kind === 'delegatecall' || call.kind === 'callcode'
  const owner = borrows ? call.from : (call.to ?? call.from)
  return { call, owner, isStatic: call.kind === 'staticcall' || (around?.isStatic ?? false) }
}

const isPricing = (call: Call) => call.kind === 'staticcall' && pricingSelectors.has(selectorOf(call))

/** Looks from the innermost call outwards: through outside code, to a call of ours that is still open. */
function entryIn(stack: readonly Frame[], { ours, trusted }: Sides): Found | null {
  const { call: inner, owner, isStatic } = stack.at(-1)!
  if (isStatic || !ours.has(owner)) return null
  // Coins that arrive run no function that could be abused.
  if (inner.kind === 'create' || inner.kind === 'selfdestruct' || inner.input === '0x') return null
  const roads: Call[] = []
  for (const { call, owner: around } of stack.slice(0, -1).reverse()) {
    if (!ours.has(around)) {
      if (!trusted.has(around)) roads.push(call)
      continue
    }
    // Called by one of ours: whoever called that one has been judged.
    if (roads.length === 0) return null
    if (executorSelectors.has(selectorOf(call))) continue
    const kind = around === owner ? 'contract' : 'group'
    if (kind === 'group' && tokenSelectors.has(selectorOf(inner))) return null
    return { kind, outer: call, inner, ...roadOf(roads) }
  }
  return null
}

/** A price read by one of ours, or of one of ours by others, from a contract in the middle of a change. */
function readIn(stack: readonly Frame[], { ours, trusted }: Sides): Found | null {
  const { call: inner, owner } = stack.at(-1)!
  const reader = stack.at(-2)?.owner
  if (reader === undefined || reader === owner || !(ours.has(reader) || ours.has(owner))) return null
  const roads: Call[] = []
  for (const { call, owner: around, isStatic } of stack.slice(0, -1).reverse()) {
    const opens = around === owner && !isStatic && !executorSelectors.has(selectorOf(call))
    // Whoever asks about a contract that called them themselves only fools themselves.
    if (opens) {
      const isLed = roads.some(({ to }) => to !== reader)
      return isLed ? { kind: 'view', outer: call, inner, ...roadOf(roads) } : null
    }
    if (around !== owner && !ours.has(around) && !trusted.has(around)) roads.push(call)
  }
  return null
}

/** @param roads Calls of outside code, the first one made last. */
function roadOf(roads: readonly Call[]): Pick<Reentry, 'road' | 'stranger'> {
  const [nearest, first] = [roads[0]!, roads.at(-1)!]
  const stranger = nearest.to ?? nearest.from
  if (callbackSelectors.has(selectorOf(first))) return { stranger, road: 'callback' }
  return { stranger, road: roads.some((call) => hookSelectors.has(selectorOf(call))) ? 'hook' : 'open' }
}

function isPayout({ kind, from, to, value, input, reverted }: Call, ours: ReadonlySet<Address>): boolean {
  if (reverted || kind !== 'call' || to === null || !ours.has(from) || ours.has(to)) return false
  return value > 0n || sendSelectors.has(input.slice(0, 10) as Hex)
}

function isPaidTwice(
  calls: readonly Call[],
  payouts: readonly number[],
  { outer, inner }: Pick<Reentry, 'outer' | 'inner'>,
): boolean {
  const [outerEnd, innerEnd] = [endOf(calls, outer), endOf(calls, inner)]
  const isInside = (at: number) => at > inner.position && at < innerEnd
  const around = payouts.filter((at) => at > outer.position && at < outerEnd)
  return around.some(isInside) && around.some((at) => !isInside(at))
}

/** Position of the first call that is no longer inside. */
function endOf(calls: readonly Call[], { position, depth }: Call): number {
  const next = calls.slice(position + 1).find((call) => call.depth <= depth)
  return next?.position ?? calls.length
}
