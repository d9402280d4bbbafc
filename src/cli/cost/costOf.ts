import type { Config } from '../../config/config.ts'
import { estimateCalls } from '../../discover/check/estimateCalls.ts'
import type { ReceiptsWanted } from '../../discover/check/measureReceipts.ts'
import { priceTableOf } from '../../evm/cost/priceTableOf.ts'
import type { PriceTable } from '../../evm/cost/priceTables.ts'
import { expectTraceCalls } from '../../evm/traces/expectTraceCalls.ts'
import type { Calls } from '../../model/status.ts'
import type { CheckedChain } from '../checkChains.ts'

/** What watching a chain asks of its providers in a day. */
export type ChainCost = {
  name: string
  id: number
  /** With the receipts of every block. */
  atMost: Calls
  /** With the receipts of as many blocks as in the last hour; null where that is not known. */
  about: Calls | null
  receipts: ReceiptsWanted | null
  /** Of the providers that we know the prices of. */
  tables: PriceTable[]
  /** Hosts of the others. */
  unknown: string[]
}

/** Null: the chain has too few blocks to tell, or nobody answers. */
export function costOf(
  { chain, newest, blocksPerDay, receipts }: Pick<CheckedChain, 'chain' | 'newest' | 'blocksPerDay' | 'receipts'>,
  { monitors }: Pick<Config, 'monitors'>,
): ChainCost | null {
  if (!newest || !blocksPerDay) return null
  const urls = chain.rpc.map((url) => new URL(url.reveal()))
  const watches = monitors.filter(({ chainId }) => chainId === chain.id).map(({ watch }) => watch)
  const watching = {
    blocksPerDay,
    pollMs: chain.pollMs,
    isTold: urls.some(({ protocol }) => protocol.startsWith('ws')),
    newest,
    ...(receipts && { receiptCalls: receipts.calls }),
    watches,
  }
  // For a quorum every provider is asked for the hash of every block.
  const opinions: Calls = chain.quorum > 1 ? { eth_getBlockByNumber: chain.rpc.length } : {}
  const estimate = (share: number) =>
    estimateCalls({ ...watching, alsoPerBlock: { ...opinions, ...expectTraceCalls(watches, share) } }, share)
  const hosts = [...new Set(urls.map(({ hostname }) => hostname))]
  return {
    name: chain.name,
    id: chain.id,
    atMost: estimate(1),
    about: receipts && estimate(receipts.wanted / receipts.looked),
    receipts,
    tables: [...new Set(hosts.map(priceTableOf).filter((table) => table !== undefined))],
    unknown: hosts.filter((host) => !priceTableOf(host)),
  }
}

export const allCalls = (calls: Calls): number => Object.values(calls).reduce((sum, number) => sum + number, 0)
