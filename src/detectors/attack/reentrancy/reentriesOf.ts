import type { Address, Call, Hex } from '../../../model/chain.ts'
import {
  callbackSelectors,
  executorSelectors,
  hookSelectors,
  pricingSelectors,
  sendSelectors,
  tokenSelectors,
  viewSelectors,
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
   * `used`: one of ours called a function of outside code, which worked with another of ours, as routers do with pools.
   * `open`: nobody asked for it.
   */
  road: 'callback' | 'hook' | 'used' | 'open'
  /** The token that ours told to send some of itself, where no other code stands in between; null: some does. */
  sending: Address | null
  /** Value was paid out inside the inner call. */
  paidInside: boolean
  /** And around it as well: of a group, by the one whose call was open. */
  paidTwice: boolean
  /** What was paid around it was taken back by ours before that call ended, as a flash loan is. */
  isLent: boolean
}

/** One open call. `owner`: whose storage its code works on. */
type Frame = { call: Call; owner: Address; isStatic: boolean }
type Sides = { ours: ReadonlySet<Address>; trusted: ReadonlySet<Address> }
type Found = Omit<Reentry, 'paidInside' | 'paidTwice' | 'isLent'>

/** More of one transaction say nothing new. */
const reentriesMax = 64

const transferFrom: Hex = '0x23b872dd'

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
    if (reentry && !isAnswer(reentry, stack, calls)) found.push(reentry)
  }
  if (found.length === 0) return []
  const payouts = calls.filter((call) => isPayout(call, sides.ours))
  return found.map((each) => ({ ...each, ...paymentsIn(calls, payouts, each, sides) }))
}

/** Of one transaction. */
const viewsMax = 8

/** What ours asked of a contract in the middle of a change, led there by outside code: by whatever function, once each. */
export function viewsIn(calls: readonly Call[], sides: Sides): { inner: Call; stranger: Address }[] {
  const stack: Frame[] = []
  const found = new Map<string, { inner: Call; stranger: Address }>()
  for (const call of calls) {
    stack.length = Math.min(stack.length, call.depth)
    stack.push(frameOf(call, stack.at(-1)))
    if (call.reverted || call.kind !== 'staticcall' || viewSelectors.has(selectorOf(call))) continue
    const key = `${call.to} ${call.input}`
    if (found.size === viewsMax || found.has(key) || !sides.ours.has(stack.at(-2)?.owner ?? call.from)) continue
    const view = readIn(stack, sides)
    if (view) found.set(key, view)
  }
  return [...found.values()]
}

function frameOf(call: Call, around: Frame | undefined): Frame {
  // Code from before Solidity 0.5, and bots that save gas, ask by plain calls.
  const isView = [viewSelectors, pricingSelectors].some((views) => views.has(selectorOf(call)))
  return { call, owner: ownerOf(call), isStatic: call.kind === 'staticcall' || isView || (around?.isStatic ?? false) }
}

const ownerOf = ({ kind, from, to }: Call): Address =>
  kind === 'delegatecall' || kind === 'callcode' ? from : (to ?? from)

const isPricing = (call: Call) => call.kind === 'staticcall' && pricingSelectors.has(selectorOf(call))

/** Looks from the innermost call outwards: through outside code, to a call of ours that is still open. */
function entryIn(stack: readonly Frame[], { ours, trusted }: Sides): Found | null {
  const { call: inner, owner, isStatic } = stack.at(-1)!
  if (isStatic || !ours.has(owner)) return null
  // Coins that arrive run no function that could be abused.
  if (inner.kind === 'create' || inner.kind === 'selfdestruct' || inner.input === '0x') return null
  const roads: Frame[] = []
  // A token of the config that ours sent told of it: control was given away along with money.
  let wasSent = false
  for (const frame of stack.slice(0, -1).reverse()) {
    const { call, owner: around } = frame
    if (!ours.has(around)) {
      if (!trusted.has(around)) roads.push(frame)
      else if (roads.length > 0 && isPayout(call, ours)) wasSent = true
      continue
    }
    // Called by one of ours: whoever called that one has been judged.
    if (roads.length === 0) return null
    if (executorSelectors.has(selectorOf(call))) continue
    const kind = around === owner ? 'contract' : 'group'
    const sending = sendingIn(roads, ours)
    if (kind === 'group' && tokenSelectors.has(selectorOf(inner))) return null
    const taken = roadOf(roads)
    const isUsed = kind === 'group' && taken.road === 'open' && !wasSent && isUse(roads.at(-1)!.call, call, ours)
    return { kind, outer: call, inner, sending, ...taken, ...(isUsed && { road: 'used' }) }
  }
  return null
}

/** A price read by one of ours, or of one of ours by others, from a contract in the middle of a change. */
function readIn(stack: readonly Frame[], { ours, trusted }: Sides): Found | null {
  const { call: inner, owner } = stack.at(-1)!
  const reader = stack.at(-2)?.owner
  if (reader === undefined || reader === owner || !(ours.has(reader) || ours.has(owner))) return null
  const roads: Frame[] = []
  for (const frame of stack.slice(0, -1).reverse()) {
    const { call, owner: around, isStatic } = frame
    const opens = around === owner && !isStatic && !executorSelectors.has(selectorOf(call))
    // Who asks about a contract that called him, or that he called, only fools himself, also by code that he borrows.
    if (opens) {
      if (call.from === reader) return null
      const isLed = roads.some((each) => each.owner !== reader)
      return isLed ? { kind: 'view', outer: call, inner, sending: null, ...roadOf(roads) } : null
    }
    if (around !== owner && !ours.has(around) && !trusted.has(around)) roads.push(frame)
  }
  return null
}

function sendingIn(roads: readonly Frame[], ours: ReadonlySet<Address>): Address | null {
  const { call, owner } = roads.at(-1)!
  const isSending = sendSelectors.has(selectorOf(call)) && isPayout(call, ours)
  return isSending && roads.every((each) => each.owner === owner) ? owner : null
}

/** @param roads Calls of outside code, the first one made last. */
function roadOf(roads: readonly Frame[]): Pick<Reentry, 'road' | 'stranger'> {
  const [nearest, first] = [roads[0]!, roads.at(-1)!]
  const stranger = nearest.owner
  if (callbackSelectors.has(selectorOf(first.call))) return { stranger, road: 'callback' }
  return { stranger, road: roads.some(({ call }) => hookSelectors.has(selectorOf(call))) ? 'hook' : 'open' }
}

/**
 * Whom ours called itself answers it, in the way that was agreed, and what is entered was written for this moment. A pool or
 * lender calls back for its pay, a token tells of what it brings, a router takes the fees that a token of ours sells by it,
 * and the code behind a proxy that hands on calls by calls lets it tell of what was done. Who was made in this very
 * transaction has agreed to nothing.
 */
function isAnswer({ kind, outer, inner }: Found, stack: readonly Frame[], calls: readonly Call[]): boolean {
  const open = stack.findLastIndex(({ call }) => call === outer)
  const between = stack.slice(open + 1, -1)
  const [asked] = between
  if (kind !== 'contract' || !asked || inner.from !== asked.owner) return false
  if (calls.some((call) => call.kind === 'create' && call.to === asked.owner)) return false
  if (callbackSelectors.has(selectorOf(inner))) return true
  if (between.some(({ owner }) => owner !== asked.owner)) return false
  if (isAskedFor(asked.call) && takesOf(inner, ownerOf(outer))) return true
  const isLeaf = inner.value === 0n && endOf(calls, inner) === inner.position + 1
  // Not every provider tells what came back.
  const isSame = asked.call.input === outer.input && (outer.output === '0x' || asked.call.output === outer.output)
  return isLeaf && (hookSelectors.has(selectorOf(inner)) || (isSame && selectorOf(inner) !== selectorOf(outer)))
}

/** A function was called, and nothing was paid or brought by it. */
const isAskedFor = (call: Call): boolean =>
  call.input !== '0x' && call.value === 0n && !hookSelectors.has(selectorOf(call))

/** A token hands over what it holds of itself and has let the caller take. */
const takesOf = (inner: Call, holder: Address): boolean =>
  selectorOf(inner) === transferFrom && inner.input.slice(34, 74) === holder.slice(2)

/** Outside code is asked for something, not paid: control was not given away along with money. */
const isUse = (call: Call, outer: Call, ours: ReadonlySet<Address>): boolean =>
  call.input !== '0x' && (!isPayout(call, ours) || (call.value === 0n && call.input === outer.input))

function isPayout(call: Call, ours: ReadonlySet<Address>): boolean {
  const { kind, from, to, value, reverted } = call
  if (reverted || kind !== 'call' || to === null || !ours.has(from) || ours.has(to)) return false
  if (value > 0n) return true
  // A router that moves what its user holds pays nothing out.
  const holder = sendSelectors.get(selectorOf(call))
  return holder === 'caller' || (holder === 'named' && ours.has(`0x${call.input.slice(34, 74)}`))
}

function paymentsIn(
  calls: readonly Call[],
  payouts: readonly Call[],
  { kind, outer, inner }: Found,
  { ours }: Sides,
): Pick<Reentry, 'paidInside' | 'paidTwice' | 'isLent'> {
  const [outerEnd, innerEnd] = [endOf(calls, outer), endOf(calls, inner)]
  const isInside = ({ position: at }: Call) => at > inner.position && at < innerEnd
  const paidInside = payouts.some(isInside)
  const around = payouts.filter(
    (each) =>
      each.position > outer.position &&
      each.position < outerEnd &&
      !isInside(each) &&
      (kind !== 'group' || each.from === ownerOf(outer)),
  )
  const after = calls.filter(({ position }) => position >= innerEnd && position < outerEnd)
  const isLent = around.length > 0 && around.every((payout) => after.some((call) => takesBack(call, payout, ours)))
  return { paidInside, paidTwice: paidInside && around.length > 0, isLent }
}

/** One of ours has the token that was sent brought back to ours, as much of it or more. */
function takesBack(call: Call, payout: Call, ours: ReadonlySet<Address>): boolean {
  if (call.reverted || call.to !== payout.to || selectorOf(call) !== transferFrom || !ours.has(call.from)) return false
  const words = (input: Hex) => input.slice(10).match(/.{64}/g) ?? []
  const [back, sent] = [words(call.input), words(payout.input)]
  const isHome = back.length === 3 && ours.has(`0x${back[1]!.slice(24)}`) && !ours.has(`0x${back[0]!.slice(24)}`)
  const amount = sent[selectorOf(payout) === transferFrom ? 2 : 1]
  return isHome && amount !== undefined && BigInt(`0x${back[2]}`) >= BigInt(`0x${amount}`)
}

/** Position of the first call that is no longer inside. */
function endOf(calls: readonly Call[], { position, depth }: Call): number {
  const next = calls.slice(position + 1).find((call) => call.depth <= depth)
  return next?.position ?? calls.length
}
