import { assetKey, type Deltas } from '../../../evm/ledger/deltasOf.ts'
import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Call, Hex, Transaction } from '../../../model/chain.ts'

/** What a watched contract took from somebody who did not act in the transaction, and got nothing for it. */
export type Taking = {
  /** The watched contract that was allowed to take it. */
  by: Address
  from: Address
  token: Address
  amount: bigint
  /** Who had it in the end. */
  to: Address
  /** Who asked the token itself to burn it. Whom the owner had allowed as much took nothing by a hole of it. */
  spender?: Address
}

type Moved = { transaction: Transaction; calls: readonly Call[]; movements: readonly Movement[]; deltas: Deltas }

const takingsMax = 16
const transferFrom = '0x23b872dd'
const paddedOf = (account: Address) => account.slice(2).padStart(64, '0')

/**
 * Takings in one transaction. None is what its owner called for himself or signed, what he got something for, what stayed
 * with contracts of ours and made no stranger an owner of shares, and what the contract paid out of a purse of its own, as one that gives
 * rewards does: a thief must say whom he robs.
 */
export function takingsOf(moved: Moved, ours: ReadonlySet<Address>, known: ReadonlySet<Address>): Taking[] {
  const { transaction, calls, deltas } = moved
  const acting = new Set([transaction.from, ...calls.map(({ from }) => from)])
  const takings = new Map<string, Taking>()
  for (const [call, parent] of withParents(calls)) {
    const by = takerIn(call, parent, ours)
    const from = by && ownerIn(call)
    if (!by || !from || acting.has(from) || known.has(from) || from === zeroAddress) continue
    const token = call.to!
    const amount = -(deltas.get(token)?.get(from) ?? 0n)
    const to = spoiledIn(deltas, token, { from, known }) ?? sharerIn(moved, { from, ours, known })
    if (amount <= 0n || !to || ours.has(token) || gotOrGave(moved, from, token)) continue
    if (hasSigned(calls, from) || !isNamed(calls, from, ours)) continue
    takings.set(`${from} ${token}`, { by, from, token, amount, to })
    if (takings.size >= takingsMax) break
  }
  for (const taking of burningsOf(moved, { ours, known, acting })) {
    if (takings.size < takingsMax) takings.set(`${taking.from} ${taking.token}`, taking)
  }
  return [...takings.values()]
}

/**
 * Shares of ours that were burned of somebody who did not act, as by a function that asks nobody whether he may, while a
 * stranger got what one of ours held. Nothing came in for it, as it does where a debt is paid off.
 */
function burningsOf(
  moved: Moved,
  { ours, known, acting }: { ours: ReadonlySet<Address>; known: ReadonlySet<Address>; acting: ReadonlySet<Address> },
): Taking[] {
  const { calls, movements, deltas } = moved
  return movements.flatMap(({ standard, asset, from, to }): Taking[] => {
    const isBurning = standard === 'erc20' && to === zeroAddress && asset !== 'native' && ours.has(asset)
    if (!isBurning || acting.has(from) || known.has(from)) return []
    const amount = -(deltas.get(asset)?.get(from) ?? 0n)
    const payee = payeeIn(deltas, { from, ours, known })
    if (amount <= 0n || !payee || gotOrGave(moved, from, asset)) return []
    if (hasSigned(calls, from) || !isNamed(calls, from, ours)) return []
    const told = calls.filter((call) => call.to === asset && call.input.includes(from.slice(2)))
    const by = told.find((call) => ours.has(call.from))?.from ?? asset
    const spender = by === asset ? told[0]?.from : undefined
    return [{ by, from, token: asset, amount, to: payee, ...(spender && { spender }) }]
  })
}

/** The stranger who has most more of what ours have less of; null: nobody, or something came in. */
function payeeIn(
  deltas: Deltas,
  { from, ours, known }: { from: Address; ours: ReadonlySet<Address>; known: ReadonlySet<Address> },
): Address | null {
  const ofOurs = [...deltas].map(([key, accounts]) => ({
    key,
    change: [...accounts].reduce((sum, [account, delta]) => (ours.has(account) ? sum + delta : sum), 0n),
  }))
  if (ofOurs.some(({ change }) => change > 0n)) return null
  const lost = ofOurs.filter(({ change }) => change < 0n)
  for (const { key } of lost) {
    const payee = spoiledIn(deltas, key, { from, known })
    if (payee) return payee
  }
  return null
}

/** Each call, with the one that made it. */
function* withParents(calls: readonly Call[]): Generator<[Call, Call | undefined]> {
  const open: Call[] = []
  for (const call of calls) {
    open.length = Math.min(open.length, call.depth)
    if (!call.reverted) yield [call, open.at(-1)]
    open.push(call)
  }
}

/** Which of ours took tokens by a call: itself, or by one that it told whose, as Permit2 is. */
function takerIn(call: Call, parent: Call | undefined, ours: ReadonlySet<Address>): Address | null {
  const { kind, from, to, input } = call
  if (kind !== 'call' || !to || !input.startsWith(transferFrom)) return null
  if (ours.has(from)) return from
  const owner = ownerIn(call)
  return parent && owner && ours.has(parent.from) && parent.input.includes(paddedOf(owner)) ? parent.from : null
}

function ownerIn({ input }: Call): Address | null {
  const word = input.slice(10, 74)
  return /^0{24}[0-9a-f]{40}$/.test(word) ? `0x${word.slice(24)}` : null
}

/** The stranger who has most of a token in the end; null: it stayed with those whom the config names. */
function spoiledIn(
  deltas: Deltas,
  token: string,
  { from, known }: { from: Address; known: ReadonlySet<Address> },
): Address | null {
  const gained = [...(deltas.get(token) ?? [])].filter(([account, delta]) => delta > 0n && account !== from)
  const [most] = gained.toSorted(([, a], [, b]) => (b > a ? 1 : -1))
  return most && !known.has(most[0]) && most[0] !== zeroAddress ? most[0] : null
}

/** The stranger for whom shares of ours were made meanwhile, as for a deposit of his own; null: nobody. */
function sharerIn(
  { movements }: Moved,
  { from, ours, known }: { from: Address; ours: ReadonlySet<Address>; known: ReadonlySet<Address> },
): Address | null {
  const isMade = (each: Movement) => each.from === zeroAddress && each.asset !== 'native' && ours.has(each.asset)
  return movements.find((each) => isMade(each) && each.to !== from && !known.has(each.to))?.to ?? null
}

/** Whether the owner got anything, or was freed of anything, as by a liquidation. */
function gotOrGave({ deltas, movements }: Moved, owner: Address, token: Address): boolean {
  const got = [...deltas.values()].some((accounts) => (accounts.get(owner) ?? 0n) > 0n)
  return got || movements.some((each) => each.from === owner && each.to === zeroAddress && assetKey(each) !== token)
}

/** Whether one of ours was told of the owner by whoever called it. */
const isNamed = (calls: readonly Call[], owner: Address, ours: ReadonlySet<Address>): boolean =>
  calls.some(({ from, to, input }) => to !== null && ours.has(to) && !ours.has(from) && input.includes(owner.slice(2)))

/** A wallet that is a contract was asked whether this is its signature. */
const hasSigned = (calls: readonly Call[], owner: Address): boolean =>
  calls.some(({ to, input, reverted }) => !reverted && to === owner && input.startsWith('0x1626ba7e'))

/** The last word of a signature, or the length of one, at every fourth byte, as calldata stands in calldata. */
const signatureWord = /^0{62}(1b|1c|41)/
const bytesMax = 65_536

/** Who signed what a trace does not tell: calls of precompiles are left out of it, as half of the providers do. */
export function mayBeSigned(input: Hex): boolean {
  const end = Math.min(input.length - 64, 2 * bytesMax)
  for (let at = 10; at <= end; at += 8) if (signatureWord.test(input.slice(at, at + 64))) return true
  return false
}
