import { toEventSelector } from 'viem/utils'
import { topicOf } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, readAmount, tokenBalance } from '../../tokens/balances.ts'
import type { CoinRise } from './keptCoins.ts'

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

/** By how much an account holds more wrapped coins than before. Anybody can make a token that says so. */
export function wrappedBy(account: Address, own: ReadonlyMap<Address, Contract>, observation: Observation): CoinRise[] {
  return wrappersOf(account, observation).flatMap((wrapper): CoinRise[] => {
    const [before, after, lay] = readsOf(account, wrapper).map((read) => readAmount(observation, read).amount)
    if (before == null || after == null || lay == null || after <= before) return []
    return [{ at: wrapper, amount: after - before, most: own.has(wrapper) ? null : lay }]
  })
}
