import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { percentOf } from '../../tokens/amounts.ts'
import { readAmount, tokenBalance } from '../../tokens/balances.ts'
import type { Flow } from './blockFlows.ts'
import { isHolder, readsOfHolder, staysOurs } from './holders.ts'
import { paidToHolders, withoutRises } from './keptCoins.ts'
import { type Leg, sumOf } from './leg.ts'
import { isSibling, readsOfSibling } from './siblingSafes.ts'
import { wrappedBy } from './wrapped.ts'

/** What is asked of the world in which a flow is looked at. */
export type Keeping = {
  /** Contracts of the config, by their address. */
  own: ReadonlyMap<Address, Contract>
  /** Safes of the same signers that were made while it watched. */
  siblings: readonly Address[]
  /** All flows of the block. */
  flows: readonly Flow[]
}

/** Another token that came in the same transaction: shares for what was paid in, or what they stood for where they burned. */
type Receipt = { way: 'deposit' | 'redemption'; leg: Leg; got: bigint; share: Address; asset: Address; came: Address }

/** Of one flow. */
const receiptsMax = 4
/** Whoever pays in loses no more than fees and what is rounded. */
const worthPercent = 95

/** `asset()`, `UNDERLYING_ASSET_ADDRESS()` and `convertToAssets(uint256)`. */
const [assetSelector, underlyingSelector, worthSelector] = ['0x38d52e0f', '0xb16a19de', '0x07a2d13a'] as const

const call = (to: Address, data: Hex, at: Read['at'] = 'parent'): Read => ({ kind: 'call', at, to, data })
/** Shares that were paid for are weighed afterwards, those that burned before. */
const worthOf = ({ way, share, got, leg }: Receipt): Read =>
  way === 'deposit'
    ? call(share, `${worthSelector}${got.toString(16).padStart(64, '0')}`, 'block')
    : call(share, `${worthSelector}${leg.amount.toString(16).padStart(64, '0')}`)

function receiptsOf({ account, token, legs }: Flow, { flows }: Keeping): Receipt[] {
  if (token === 'native') return []
  const others = flows.filter((each) => each.account === account && each.token !== token && each.standard === 'erc20')
  return legs
    .flatMap((leg) => {
      if (leg.way !== 'out' || !leg.transactionHash) return []
      const way = leg.other === zeroAddress ? 'redemption' : 'deposit'
      return others.flatMap(({ token: came, legs: own }): Receipt[] => {
        const same = own.filter(({ transactionHash }) => transactionHash === leg.transactionHash)
        const got = sumOf(same, 'in') - sumOf(same, 'out')
        if (came === 'native' || got <= 0n) return []
        const [share, asset] = way === 'deposit' ? [came, token] : [token, came]
        return [{ way, leg, got, came, share, asset }]
      })
    })
    .slice(0, receiptsMax)
}

/** Safes and timelocks of the config that a flow of tokens goes to. */
function holdersPaid({ account, token, legs }: Flow, { own }: Keeping) {
  if (token === 'native') return []
  const payees = new Set(legs.flatMap(({ way, other }) => (way === 'out' && other ? [other] : [])))
  const holders = [...payees].flatMap((each) => own.get(each) ?? []).filter(isHolder)
  return holders.map((holder) => ({ account: account.address, token, holder }))
}
const paidTo = ({ legs }: Flow, { address }: Contract) =>
  sumOf(
    legs.filter(({ other }) => other === address),
    'out',
  )

/** What must be known to tell what stays ours from what leaves. */
export function readsOfKept(flow: Flow, keeping: Keeping): Read[] {
  const { account, legs } = flow
  const receipts = receiptsOf(flow, keeping)
  const payees = legs.flatMap(({ way, other }) => (way === 'out' && other ? [other] : []))
  return [
    ...receipts.flatMap((receipt) => [
      call(receipt.share, assetSelector),
      call(receipt.share, underlyingSelector),
      worthOf(receipt),
      tokenBalance(receipt.asset, receipt.share, 'parent'),
    ]),
    ...holdersPaid(flow, keeping).flatMap(readsOfHolder),
    ...keeping.siblings
      .filter((each) => payees.includes(each))
      .flatMap((each) => readsOfSibling(account.address, each)),
  ]
}

/**
 * Takes apart what an account paid to others and what is still its own: in a Safe or a timelock that is protected or owns it,
 * in a Safe of the same signers, behind shares that came back for it, or as wrapped coins.
 */
export function withoutKept(whole: Flow, keeping: Keeping, observation: Observation): { left: Flow; kept: Flow } {
  const { account } = whole
  const rises = (of: typeof wrappedBy) => of(account.address, keeping.own, observation)
  const coins = whole.token === 'native' ? withoutRises(whole, [...rises(wrappedBy), ...rises(paidToHolders)]) : null
  const flow = coins?.left ?? whole
  const receipts = receiptsOf(flow, keeping).filter((each) => isBacked(each, keeping, observation))
  const used = new Set<string>()
  const holders = holdersPaid(flow, keeping).filter((each) => staysOurs(each, paidTo(flow, each.holder), observation))
  const isKept = (leg: Leg): boolean => {
    if (leg.way !== 'out' || !leg.other) return false
    if (holders.some(({ holder }) => holder.address === leg.other)) return true
    if (keeping.siblings.includes(leg.other) && isSibling(account.address, leg.other, observation)) return true
    // One receipt bears one payment.
    const receipt = receipts.find((each) => each.leg === leg && !used.has(`${leg.transactionHash} ${each.came}`))
    if (receipt) used.add(`${leg.transactionHash} ${receipt.came}`)
    return receipt !== undefined
  }
  const kept = flow.legs.filter(isKept)
  const left = flow.legs.filter((leg) => !kept.includes(leg))
  return { left: { ...flow, legs: left }, kept: { ...flow, legs: [...kept, ...(coins?.kept ?? [])] } }
}

/**
 * Anybody can make a token that says what it is worth. One counts that the config names, or in which as much lay before
 * as comes in: then a thief would have had to put in as much of his own. Shares that burn were held before, and what came
 * for them is weighed against what they said then.
 */
function isBacked(receipt: Receipt, { own }: Keeping, observation: Observation): boolean {
  const { way, share, asset, got, leg } = receipt
  const names = (selector: Hex) => {
    const answer = observation.state(call(share, selector))
    return answer.ok && answer.data === `0x${'0'.repeat(24)}${asset.slice(2)}`
  }
  const isVault = names(assetSelector)
  if (!isVault && !names(underlyingSelector)) return false
  const isIn = way === 'deposit'
  const said = isVault ? readAmount(observation, worthOf(receipt)).amount : isIn ? got : leg.amount
  if (said === null) return false
  if (!isIn) return got >= percentOf(worthPercent, said)
  const before = readAmount(observation, tokenBalance(asset, share, 'parent')).amount
  return said >= percentOf(worthPercent, leg.amount) && (own.has(share) || (before !== null && before >= leg.amount))
}
