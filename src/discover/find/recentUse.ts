import { fetchBlock } from '../../evm/fetchBlock.ts'
import { topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import { asHash, asList, asNumber, asObject } from '../../evm/parseHex.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { fetchTraces } from '../../evm/traces/fetchTraces.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { Address, BlockHeader, Call, Hex, Transaction } from '../../model/chain.ts'

/** One transaction in which some contracts had a hand, and the calls inside it. */
export type Use = { block: BlockHeader; transaction: Transaction; calls: readonly Call[] }

type Told = { kind: string; block: number; hash: Hex }

const logsMax = 10_000
const callsMax = 2_000
/** Transactions that are looked at, and at most how many of those that tell of themselves in the same words. */
const [usesMax, ofOneKindMax] = [16, 4]
const atOnce = 4
/** Blocks searched: of busy contracts a provider gives fewer at once. */
const spans = [9_999, 999, 99]

/**
 * What was done of late with some contracts, the newest first, of each kind a few. Where no provider searches for logs or
 * traces there is nothing.
 */
export async function recentUse(
  client: ChainClient,
  header: BlockHeader,
  addresses: readonly Address[],
): Promise<Use[]> {
  if (addresses.length === 0) return []
  const topics = addresses.map(topicOf)
  const searches = [
    { address: addresses },
    // Whoever is silent still has tokens that tell of it.
    { topics: [transferTopics[0], topics] },
    { topics: [transferTopics[0], null, topics] },
  ]
  const found = await inParallel(searches, atOnce, (search) => logs(client, header, search))
  const told = found.flatMap((list, index) => list.map((each) => ({ ...each, kind: `${index} ${each.kind}` })))
  const uses = await inParallel(chosen(told), atOnce, (each) => useOf(client, each))
  return uses.filter((each) => each !== null)
}

function chosen(told: readonly Told[]): Told[] {
  const each = [...Map.groupBy(told, ({ hash }) => hash).values()].map((own) => ({
    ...own[0]!,
    kind: [...new Set(own.map(({ kind }) => kind))].toSorted().join(),
  }))
  const newest = each.toSorted((a, b) => b.block - a.block)
  return [...Map.groupBy(newest, ({ kind }) => kind).values()]
    .flatMap((same) => same.slice(0, ofOneKindMax))
    .toSorted((a, b) => b.block - a.block)
    .slice(0, usesMax)
}

async function logs(client: ChainClient, header: BlockHeader, search: object): Promise<Told[]> {
  const toBlock = `0x${header.number.toString(16)}`
  for (const span of spans) {
    const fromBlock = `0x${Math.max(0, header.number - span).toString(16)}`
    try {
      return await client.request({ method: 'eth_getLogs', params: [{ ...search, fromBlock, toBlock }] }, (raw) =>
        asList(raw, 'logs', logsMax).map(toldIn),
      )
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
    }
  }
  return []
}

function toldIn(item: unknown): Told {
  const log = asObject(item, 'a log')
  return {
    kind: `${log.address} ${asList(log.topics, 'the topics of a log', 4)[0]}`,
    block: asNumber(log.blockNumber, 'the block of a log'),
    hash: asHash(log.transactionHash, 'the transaction of a log'),
  }
}

async function useOf(client: ChainClient, { block: number, hash }: Told): Promise<Use | null> {
  try {
    const block = (await fetchBlock(client, number, () => false))?.block
    const transaction = block?.transactions.find((each) => each.hash === hash)
    if (!block || !transaction) return null
    const trace = (await fetchTraces(client, block, [transaction])).get(hash)
    return trace?.ok ? { block, transaction, calls: trace.calls.slice(0, callsMax) } : null
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
