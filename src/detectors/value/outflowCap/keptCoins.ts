import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, readAmount } from '../../tokens/balances.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import type { Flow } from './blockFlows.ts'
import { isHolder, isOurs, readsOfOwner } from './holders.ts'
import { type Leg, sumOf } from './leg.ts'
import { takeOff } from './settleTransactions.ts'

/** Coins that are somewhere after a block and were not before. `most`: it counts only if no more than this left; null: always. */
export type CoinRise = { at: Address; amount: bigint; most: bigint | null }

type Own = ReadonlyMap<Address, Contract>

/** Of a config. */
const holdersMax = 8
const holdersFor = (account: Address, own: Own): Contract[] =>
  [...own.values()].filter((each) => each.address !== account && isHolder(each)).slice(0, holdersMax)

const readsOf = ({ address }: Contract) => [nativeBalance(address, 'parent'), nativeBalance(address, 'block')] as const

/** What must be read to tell whether coins went to those who hold for an account: only where it may have sent some. */
export function readsOfPaidHolders(accounts: readonly Contract[], own: Own, view: Pick<Observation, 'block'>): Read[] {
  return accounts.flatMap(({ address }) => {
    const holders = holdersFor(address, own)
    if (holders.length === 0 || transactionsTouching(view, address).length === 0) return []
    return holders.flatMap((holder) => [...readsOf(holder), ...readsOfOwner(address, holder)])
  })
}

/** By how much those who hold for an account have more coins: which transaction brought them, logs do not tell. */
export function paidToHolders(account: Address, own: Own, observation: Observation): CoinRise[] {
  if (transactionsTouching(observation, account).length === 0) return []
  return holdersFor(account, own).flatMap((holder): CoinRise[] => {
    const [before, after] = readsOf(holder).map((read) => readAmount(observation, read).amount)
    if (before == null || after == null || after <= before || !isOurs(account, holder, observation)) return []
    return [{ at: holder.address, amount: after - before, most: null }]
  })
}

/** Takes apart coins that left, and coins that are now where they are still ours. */
export function withoutRises(flow: Flow, rises: readonly CoinRise[]): { left: Flow; kept: Leg[] } {
  const { legs } = flow
  let open = sumOf(legs, 'out')
  const kept = rises.flatMap(({ at, amount: risen, most }): Leg[] => {
    const amount = risen < open ? risen : open
    if (amount === 0n || (most !== null && most < amount)) return []
    open -= amount
    return [{ way: 'out', amount, other: at, transactionHash: legs[0]?.transactionHash ?? null }]
  })
  if (kept.length === 0) return { left: flow, kept: [] }
  const rest = legs.map((leg) => ({ ...leg }))
  takeOff(rest, 'out', sumOf(kept, 'out'))
  return { left: { ...flow, legs: rest.filter(({ amount }) => amount > 0n) }, kept }
}
