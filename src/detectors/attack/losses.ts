import { isWrapping, type Movement } from '../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { type Amount, nativeBalance, readAmount, tokenBalance } from '../tokens/balances.ts'
import { decimalsIn, decimalsOf, nativeDecimals } from '../tokens/tokenBook.ts'

/** What our contracts, taken together, lost of one token in one transaction. */
export type Loss = {
  token: Address | 'native'
  /** As the token says; null: it does not, or nobody asked. */
  decimals: number | null
  /** Net: what came back is taken off. */
  amount: bigint
  /** All that went out, what came back included. */
  gross: bigint
  /** What those who lost it held before the block, not those who got some of it; null: they do not say. */
  held: bigint | null
  /** Their balances fell by as much. A token may tell transfers that never were. */
  confirmed: boolean
  /** Which of them lost most. */
  address: Address
}

export type Balance = {
  losses: Loss[]
  /** Something else of value came in instead, so that the loss may be a price: dust is none. */
  paid: boolean
  blind: string[]
}

type Flow = {
  token: Address | 'native'
  out: bigint
  into: bigint
  /** How often something went out, less how often it came in. */
  payouts: number
  byAccount: Map<Address, bigint>
}
/** Shares of ours that the holders gave back, less those made anew. */
type Burns = Map<Address, { amount: bigint; count: number; wrapped: boolean }>

type Making = { token: Address; to: Address; amount: bigint; wrapped: boolean }

/** What came in of one token. `held`: what those who got it held before; null: it cannot be read. */
type Gain = { amount: bigint; held: bigint | null }

/** Each is asked for at two moments; more tokens in one transaction are noise made to hide something. */
const pairsMax = 24

/** What went out of and into the group in one transaction; what moves within it does not count. */
function flowsOf(movements: readonly Movement[], ours: ReadonlySet<Address>): Flow[] {
  const flows = new Map<string, Flow>()
  const isShare = shareTokens(movements, ours)
  for (const { asset: token, from, to, amount } of movements) {
    if (isShare.has(token) || ours.has(from) === ours.has(to)) continue
    const flow = flows.get(token) ?? { token, out: 0n, into: 0n, payouts: 0, byAccount: new Map() }
    flows.set(token, flow)
    const [account, sign] = ours.has(from) ? [from, 1n] : [to, -1n]
    flow.byAccount.set(account, (flow.byAccount.get(account) ?? 0n) + sign * amount)
    if (sign > 0n) {
      flow.out += amount
      flow.payouts++
    } else {
      flow.into += amount
      flow.payouts--
    }
  }
  return [...flows.values()].filter(({ out, into }) => out !== into)
}

/** What left the group in one transaction by token; negative: what came in. */
export const netOf = (movements: readonly Movement[], ours: ReadonlySet<Address>): Map<Address | 'native', bigint> =>
  new Map(flowsOf(movements, ours).map(({ token, out, into }) => [token, out - into]))

/** Tokens of ours that were made or destroyed: what they stand for is owed, not held. */
function shareTokens(movements: readonly Movement[], ours: ReadonlySet<Address>): Set<Address | 'native'> {
  return new Set(makings(movements, ours).map(({ token }) => token))
}

/**
 * Where tokens of ours were made or destroyed. What wrapped coins tell is believed of tokens only, which move otherwise,
 * too: banks that keep no tokens tell of deposits and withdrawals in the same words.
 */
function makings(movements: readonly Movement[], ours: ReadonlySet<Address>): Making[] {
  const moving = new Set(movements.flatMap((each) => (isWrapping(each) ? [] : [each.asset])))
  return movements.flatMap((each): Making[] => {
    const { asset: token, from, to, amount } = each
    const isMade = from === zeroAddress || to === zeroAddress
    const wrapped = isWrapping(each)
    return isMade && token !== 'native' && ours.has(token) && (!wrapped || moving.has(token))
      ? [{ token, to, amount, wrapped }]
      : []
  })
}

function burnsOf(movements: readonly Movement[], ours: ReadonlySet<Address>): Burns {
  const burns: Burns = new Map()
  for (const { token, to, amount, wrapped } of makings(movements, ours)) {
    const sign = to === zeroAddress ? 1n : -1n
    const known = burns.get(token) ?? { amount: 0n, count: 0, wrapped }
    const count = known.count + (sign > 0n ? 1 : 0)
    burns.set(token, { amount: known.amount + sign * amount, count, wrapped: known.wrapped && wrapped })
  }
  return burns
}

const balanceRead = (token: Address | 'native', of: Address, at: Read['at']): Read =>
  token === 'native' ? nativeBalance(of, at) : tokenBalance(token, of, at)

/** `convertToAssets(uint256)` of ERC-4626. */
const worthRead = (vault: Address, shares: bigint): Read => ({
  kind: 'call',
  at: 'parent',
  to: vault,
  data: `0x07a2d13a${shares.toString(16).padStart(64, '0')}`,
})

/** Tokens whose word counts; null: that of all. */
export type Believed = ReadonlySet<Address> | null

/**
 * Anybody can send along tokens of his own that tell of transfers and balances that never were: those count that the config
 * names, and those that ours called. Where it names none, or nobody knows whom ours called, none can be told from the others.
 * @param known Contracts of the config, ours included.
 */
export const believedIn = (
  { calls }: Pick<Outcome, 'calls'>,
  ours: ReadonlySet<Address>,
  known: ReadonlySet<Address>,
): Believed =>
  calls && known.size > ours.size
    ? new Set([...known, ...calls.flatMap(({ from, to }) => (to !== null && ours.has(from) ? [to] : []))])
    : null

export const isBelieved = (token: Address | 'native', believed: Believed): boolean =>
  believed === null || token === 'native' || believed.has(token)

const believedFirst = (flows: readonly Flow[], believed: Believed): Flow[] =>
  flows.toSorted((a, b) => Number(isBelieved(b.token, believed)) - Number(isBelieved(a.token, believed)))

/** What must be read to say what our contracts lost: nothing where nothing left them for good. */
export function readsOfLosses(movements: readonly Movement[], ours: ReadonlySet<Address>, believed: Believed): Read[] {
  const flows = believedFirst(flowsOf(movements, ours), believed)
  if (!flows.some(({ out, into }) => out > into)) return []
  const balances = pairsOf(flows).flatMap(([token, account]) => [
    balanceRead(token, account, 'parent'),
    balanceRead(token, account, 'block'),
  ])
  const worths = [...burnsOf(movements, ours)]
    .slice(0, pairsMax)
    .flatMap(([token, { amount }]) => (amount > 0n ? [worthRead(token, amount)] : []))
  const left = flows.filter(({ token, out, into }) => token !== 'native' && out > into).slice(0, pairsMax)
  return [...balances, ...worths, ...left.map(({ token }) => decimalsOf(token as Address))]
}

const pairsOf = (flows: readonly Flow[]) =>
  flows
    .flatMap(({ token, byAccount }) => [...byAccount.keys()].map((account) => [token, account] as const))
    .slice(0, pairsMax)

/**
 * What our contracts lost in one transaction. Not lost is what the shares that were burned for it were worth before the
 * block: by `convertToAssets`, or, where there is no such function, all of it if each payout had its burning.
 */
export function lossesOf(
  observation: Pick<Observation, 'state'>,
  movements: readonly Movement[],
  ours: ReadonlySet<Address>,
  believed: Believed,
): Balance {
  const flows = believedFirst(flowsOf(movements, ours), believed)
  const judged: Balance = { losses: [], paid: false, blind: [] }
  const gains: Gain[] = []
  if (!flows.some(({ out, into }) => out > into)) return judged
  const asked = new Set(pairsOf(flows).map((pair) => pair.join()))
  const worth = worthOf(observation, burnsOf(movements, ours))
  if (worth.blind) judged.blind.push(`What shares were worth could not be read: ${worth.blind}`)
  for (const flow of flows) {
    // Whoever attacks can send along a token of his own that says what he likes of what was held of it.
    if (flow.into > flow.out && !isBelieved(flow.token, believed)) continue
    const accounts = [...flow.byAccount.keys()].filter((account) => asked.has([flow.token, account].join()))
    const [before, after] = (['parent', 'block'] as const).map((at) =>
      sumOfBalances(observation, flow.token, accounts, at),
    ) as [Amount, Amount]
    const blind = [before, after].flatMap((each) => (each.amount === null && each.blind ? [each.blind] : []))
    judged.blind.push(...blind.map((reason) => `A balance of ${flow.token} could not be read: ${reason}`))
    if (flow.into > flow.out) {
      if (before.amount !== null || blind.length > 0) gains.push({ amount: flow.into - flow.out, held: before.amount })
      continue
    }
    const amount = unpaid(flow, worth)
    const fell = before.amount !== null && after.amount !== null ? before.amount - after.amount : null
    if (amount <= 0n || (blind.length === 0 && (fell === null || fell <= 0n))) continue
    const [address] = [...flow.byAccount].reduce((a, b) => (b[1] > a[1] ? b : a))
    const confirmed = fell !== null && fell >= amount
    // Whoever sends a little to another of ours would else make the loss look small beside what that one holds.
    const losers = accounts.filter((account) => flow.byAccount.get(account)! > 0n)
    const held = sumOfBalances(observation, flow.token, losers, 'parent').amount
    const decimals = flow.token === 'native' ? nativeDecimals : decimalsIn(observation.state(decimalsOf(flow.token)))
    judged.losses.push({
      token: flow.token,
      decimals,
      amount,
      gross: flow.out,
      held,
      confirmed,
      address,
    })
  }
  return { ...judged, paid: isPaid(judged.losses, gains) }
}

/** Of the largest share that left, the part that must come in of something else. A lender gets back little of what it has. */
const priceParts = 100n

/**
 * Whether what came in is a price for what left: of a token that was held here before, and of it a share that is to be
 * reckoned with. What cannot be read may be one.
 */
function isPaid(losses: readonly Loss[], gains: readonly Gain[]): boolean {
  return gains.some(({ amount, held }) => {
    if (held === null) return true
    const isPrice = (loss: Loss) => loss.held === null || amount * loss.held * priceParts >= loss.amount * held
    return held > 0n && losses.every(isPrice)
  })
}

/** What burned shares were worth. `told`: by their vaults; null: no vault can tell. `coins`: wrapped coins, as such. */
type Worth = { told: bigint | null; coins: bigint; burnings: number; blind?: string }

function worthOf(observation: Pick<Observation, 'state'>, burns: Burns): Worth {
  const worth: Worth = { told: null, coins: 0n, burnings: 0 }
  for (const [token, { amount, count, wrapped }] of [...burns].slice(0, pairsMax)) {
    if (amount <= 0n) continue
    const told = readAmount(observation, worthRead(token, amount))
    if (told.amount !== null) worth.told = (worth.told ?? 0n) + told.amount
    else if (told.blind) worth.blind = told.blind
    if (wrapped) worth.coins += amount
    worth.burnings += count
  }
  return worth
}

/** What left the group and was not paid for by shares. */
function unpaid({ token, out, into, payouts }: Flow, { told, coins, burnings, blind }: Worth): bigint {
  const isBacked = told === null && burnings > 0 && burnings >= payouts
  if (blind || isBacked) return 0n
  const worth = (told ?? 0n) + (token === 'native' ? coins : 0n)
  const amount = out - into - worth
  // Fees and rounding make a share worth a little more or less than it was a block before.
  return worth > 0n && amount * 50n < worth ? 0n : amount
}

function sumOfBalances(
  observation: Pick<Observation, 'state'>,
  token: Address | 'native',
  accounts: readonly Address[],
  at: Read['at'],
): Amount {
  let total = 0n
  for (const account of accounts) {
    const held = readAmount(observation, balanceRead(token, account, at))
    if (held.amount === null) return held
    total += held.amount
  }
  return accounts.length > 0 ? { amount: total } : { amount: null }
}
