import { toEventSelector } from 'viem/utils'
import { topicOf } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, readAmount, tokenBalance } from '../balances.ts'
import type { Flow } from './blockFlows.ts'
import { type Leg, sumOf } from './leg.ts'
import { takeOff } from './settleTransactions.ts'

type View = Pick<Observation, 'block'>

/** Wrapped coins tell of it so, and of no transfer. */
const wrapping = toEventSelector('Deposit(address,uint256)')
/** Of one account in one block. */
const wrappersMax = 4

function wrappersOf(account: Address, { block }: View): Address[] {
  const logs = block.receipts?.flatMap((receipt) => receipt.logs) ?? []
  const own = logs.filter(({ topics }) => topics[0] === wrapping && topics[1] === topicOf(account))
  return [...new Set(own.map(({ address }) => address))].slice(0, wrappersMax)
}

const readsOf = (account: Address, wrapper: Address) =>
  [
    tokenBalance(wrapper, account, 'parent'),
    tokenBalance(wrapper, account, 'block'),
    nativeBalance(wrapper, 'parent'),
  ] as const

export const readsOfWrapped = (accounts: readonly Contract[], view: View): Read[] =>
  accounts.flatMap(({ address }) => wrappersOf(address, view).flatMap((wrapper) => readsOf(address, wrapper)))

/**
 * Takes apart coins that left and coins that an account now holds wrapped. Anybody can make such a token: one counts that
 * the config names, or in which as many coins lay before.
 */
export function withoutWrapped(
  flow: Flow,
  own: ReadonlyMap<Address, Contract>,
  observation: Observation,
): { left: Flow; kept: Leg[] } {
  const { account, legs } = flow
  let open = sumOf(legs, 'out')
  const kept = wrappersOf(account.address, observation).flatMap((wrapper): Leg[] => {
    const [before, after, lay] = readsOf(account.address, wrapper).map((read) => readAmount(observation, read).amount)
    if (before == null || after == null || lay == null || after <= before) return []
    const amount = after - before < open ? after - before : open
    if (amount === 0n || (!own.has(wrapper) && lay < amount)) return []
    open -= amount
    return [{ way: 'out', amount, other: wrapper, transactionHash: legs[0]?.transactionHash ?? null }]
  })
  if (kept.length === 0) return { left: flow, kept: [] }
  const rest = legs.map((leg) => ({ ...leg }))
  const total = kept.reduce((sum, { amount }) => sum + amount, 0n)
  takeOff(rest, 'out', total)
  return { left: { ...flow, legs: rest.filter(({ amount }) => amount > 0n) }, kept }
}
