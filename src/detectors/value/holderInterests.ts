import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Interest } from '../../model/detector.ts'
import { nativeReads } from './nativeFlow.ts'

/**
 * What moves from and to some accounts: tokens by their logs, and the chain's own coin by their balances.
 * @param only Only this token; undefined: all.
 */
export function flowInterests(
  accounts: readonly Address[],
  { only, known }: { only: Address | 'native' | undefined; known: Iterable<Contract> },
): Interest[] {
  const isNative = only === undefined || only === 'native'
  return [
    ...(only === 'native' ? [] : holderInterests(accounts, { only, known })),
    ...(isNative && accounts.length > 0 ? nativeInterests(accounts) : []),
  ]
}

const nativeInterests = (accounts: readonly Address[]): Interest[] => [
  { kind: 'state', reads: accounts.flatMap(nativeReads), everyBlocks: 1 },
  { kind: 'transaction', touching: accounts },
]

/**
 * Transfers of tokens from and to some accounts. Those of a token that the config names are all asked for, unless its ABI
 * says that sender and recipient are indexed: where they are not, a transfer would not be found by its account, and that
 * it cannot be read must be told.
 * @param only Only this token; undefined: all.
 * @param known Contracts that the config names.
 */
export function holderInterests(
  accounts: readonly Address[],
  { only, known }: { only: Address | undefined; known: Iterable<Contract> },
): Interest[] {
  const named = new Map([...known].map((contract) => [contract.address, contract]))
  const addresses = (only ? [only] : [...named.keys()]).filter((address) => !isIndexed(named.get(address)))
  const whole: Interest[] = addresses.length > 0 ? [{ kind: 'log', topics: transferTopics, addresses }] : []
  if (only && whole.length > 0) return whole
  return [{ kind: 'log', topics: transferTopics, accounts, ...(only && { addresses: [only] }) }, ...whole]
}

function isIndexed(contract: Contract | undefined): boolean {
  const transfers = (contract?.abi ?? []).filter((item) => item.type === 'event' && item.name === 'Transfer')
  return (
    transfers.length > 0 &&
    transfers.every((item) => item.type === 'event' && item.inputs.slice(0, 2).every(({ indexed }) => indexed))
  )
}
