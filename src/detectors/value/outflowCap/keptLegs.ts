import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { percentOf } from '../amounts.ts'
import { readAmount, tokenBalance } from '../balances.ts'
import type { Flow } from './blockFlows.ts'
import { type Leg, sumOf } from './leg.ts'
import { isSibling, readsOfSibling } from './siblingSafes.ts'

/** What is asked of the world in which a flow is looked at. */
export type Keeping = {
  /** Contracts of the config, by their address. */
  own: ReadonlyMap<Address, Contract>
  /** Safes of the same signers that were made while it watched. */
  siblings: readonly Address[]
  /** All flows of the block. */
  flows: readonly Flow[]
}

/** Shares that came for what was paid in, by the transaction of both. */
type Receipt = { share: Address; got: bigint; leg: Leg }

/** Of one flow. */
const receiptsMax = 4
/** Whoever pays in loses no more than fees and what is rounded. */
const worthPercent = 95

/** `asset()`, `UNDERLYING_ASSET_ADDRESS()` and `convertToAssets(uint256)`. */
const [assetSelector, underlyingSelector, worthSelector] = ['0x38d52e0f', '0xb16a19de', '0x07a2d13a'] as const

/** Accounts that hold for themselves. Whoever pays into a vault or a market may have paid for another, also into ours. */
const holding: ReadonlySet<string | undefined> = new Set(['safe', 'timelock'])

const call = (to: Address, data: Hex, at: Read['at'] = 'parent'): Read => ({ kind: 'call', at, to, data })
const worthOf = ({ share, got }: Receipt): Read =>
  call(share, `${worthSelector}${got.toString(16).padStart(64, '0')}`, 'block')

function receiptsOf({ account, token, legs }: Flow, { flows }: Keeping): Receipt[] {
  if (token === 'native') return []
  const others = flows.filter((each) => each.account === account && each.token !== token && each.standard === 'erc20')
  return legs
    .flatMap((leg) => {
      if (leg.way !== 'out' || !leg.transactionHash) return []
      return others.flatMap(({ token: share, legs: own }) => {
        const got = own.filter(({ transactionHash }) => transactionHash === leg.transactionHash)
        const more = sumOf(got, 'in') - sumOf(got, 'out')
        return share !== 'native' && more > 0n ? [{ share, got: more, leg }] : []
      })
    })
    .slice(0, receiptsMax)
}

/** What must be known to tell what stays ours from what leaves. */
export function readsOfKept(flow: Flow, keeping: Keeping): Read[] {
  const { account, token, legs } = flow
  const receipts = receiptsOf(flow, keeping)
  const payees = legs.flatMap(({ way, other }) => (way === 'out' && other ? [other] : []))
  return [
    ...receipts.flatMap((receipt) => [
      call(receipt.share, assetSelector),
      call(receipt.share, underlyingSelector),
      worthOf(receipt),
      tokenBalance(token as Address, receipt.share, 'parent'),
    ]),
    ...keeping.siblings
      .filter((each) => payees.includes(each))
      .flatMap((each) => readsOfSibling(account.address, each)),
  ]
}

/**
 * Takes apart what an account paid to others and what is still its own: in a Safe or a timelock of the config, in a Safe of
 * the same signers, or behind shares that came back for it.
 */
export function withoutKept(flow: Flow, keeping: Keeping, observation: Observation): { left: Flow; kept: Flow } {
  const { account } = flow
  const receipts = receiptsOf(flow, keeping).filter((each) => isBacked(flow, each, keeping, observation))
  const used = new Set<string>()
  const isKept = (leg: Leg): boolean => {
    if (leg.way !== 'out' || !leg.other) return false
    const payee = keeping.own.get(leg.other)
    if (payee?.role === 'protected' && holding.has(payee.kind)) return true
    if (keeping.siblings.includes(leg.other) && isSibling(account.address, leg.other, observation)) return true
    // One receipt bears one payment.
    const receipt = receipts.find((each) => each.leg === leg && !used.has(`${leg.transactionHash} ${each.share}`))
    if (receipt) used.add(`${leg.transactionHash} ${receipt.share}`)
    return receipt !== undefined
  }
  const kept = flow.legs.filter(isKept)
  const left = flow.legs.filter((leg) => !kept.includes(leg))
  return { left: { ...flow, legs: left }, kept: { ...flow, legs: kept } }
}

/**
 * Anybody can make a token that says what it is worth. One counts that the config names, or in which as much lay before
 * as comes in: then a thief would have had to put in as much of his own.
 */
function isBacked({ token }: Flow, receipt: Receipt, { own }: Keeping, observation: Observation): boolean {
  const { share, got, leg } = receipt
  const named = (selector: Hex) => {
    const answer = observation.state(call(share, selector))
    return answer.ok && answer.data === `0x${'0'.repeat(24)}${token.slice(2)}`
  }
  const isVault = named(assetSelector)
  if (!isVault && !named(underlyingSelector)) return false
  const worth = isVault ? readAmount(observation, worthOf(receipt)).amount : got
  if (worth === null || worth < percentOf(worthPercent, leg.amount)) return false
  const before = readAmount(observation, tokenBalance(token as Address, share, 'parent')).amount
  return own.has(share) || (before !== null && before >= leg.amount)
}
