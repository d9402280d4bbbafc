import { topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import { asAddress, asHash, asList, asObject } from '../../evm/parseHex.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf, numberOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'

/** That a token moved from or to somebody. */
type Move = { token: Address; holder: Address; transaction: Hex }

const logsMax = 10_000
/** Candidates whose balance is asked for, those that are looked at, and those that are watched. */
const [askedMax, inspectedMax, keptMax] = [32, 16, 8]
const receiptsAtOnce = 4
/** Providers that do not search all blocks at once for logs are asked for fewer. */
const spans = [Number.POSITIVE_INFINITY, 9_999, 999]

/**
 * Tokens that watched accounts hold now and that somebody may turn into something else: proxies, and vaults whose shares
 * they are. Anybody can send somebody a token of his own, so that only those count that the account paid for in the same
 * transaction, or sent away before, where it had a hand in the transaction. Where no provider searches for logs there are none.
 * @throws {RpcError} The state of the chain cannot be read.
 */
export async function findHoldings(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Pointer[]> {
  const holders = watched.filter(({ token, vault, pair, pool, feed }) => !(token || vault || pair || pool || feed))
  const own = new Set(watched.map(({ address }) => address))
  const used = await usedTokens(client, header, holders)
  const candidates = used.filter(({ token }) => !own.has(token)).slice(-askedMax)
  const balance = ({ token, holder }: Move): Read => ({
    ...{ at: 'block', kind: 'call', to: token },
    data: `0x70a08231${topicOf(holder).slice(2)}`,
  })
  const answers = await askState(client, header, candidates.map(balance))
  const owning = candidates.filter((each) => (numberOf(dataOf(answers.of(balance(each)))) ?? 0n) > 0n)
  const isByHolder = await inParallel(owning.slice(-inspectedMax), receiptsAtOnce, (each) => tookPart(client, each))
  const held = owning.slice(-inspectedMax).filter((_, index) => isByHolder[index])
  const tokens = [...new Set(held.map(({ token }) => token))]
  if (tokens.length === 0) return []
  const changeable = (await inspectContracts(client, tokens)).facts.filter(({ proxy, vault }) => proxy || vault)
  const kept = new Set(changeable.slice(-keptMax).map(({ address }) => address))
  return held
    .filter(({ token }) => kept.has(token))
    .map(({ token, holder }) => ({ from: holder, to: token, kind: 'value', name: 'holding', where: 'its balance' }))
}

/** Whether an account sent, was called or told of something in a transaction: a token of strangers may say what it likes. */
async function tookPart(client: ChainClient, { holder, transaction }: Move): Promise<boolean> {
  try {
    return await client.request({ method: 'eth_getTransactionReceipt', params: [transaction] }, (raw) => {
      const receipt = asObject(raw, 'a receipt')
      const emitters = asList(receipt.logs, 'the logs of a receipt', logsMax).map(
        (log) => asObject(log, 'a log').address,
      )
      return [receipt.from, receipt.to, ...emitters].some((each) => String(each).toLowerCase() === holder)
    })
  } catch (error) {
    if (error instanceof RpcError) return false
    throw error
  }
}

/** Tokens that holders paid for or sent away, once for each holder, those that moved last at the end. */
async function usedTokens(
  client: ChainClient,
  header: BlockHeader,
  holders: readonly ContractFacts[],
): Promise<Move[]> {
  const topics = holders.map(({ address }) => topicOf(address))
  if (topics.length === 0) return []
  const [sent, got] = [await moves(client, header, topics, 1), await moves(client, header, topics, 2)]
  const paid = new Set(sent.map(({ holder, transaction }) => `${holder} ${transaction}`))
  const bought = got.filter(({ holder, transaction }) => paid.has(`${holder} ${transaction}`))
  return [...new Map([...sent, ...bought].map((move) => [`${move.holder} ${move.token}`, move])).values()]
}

async function moves(client: ChainClient, header: BlockHeader, holders: readonly Hex[], place: 1 | 2): Promise<Move[]> {
  for (const span of spans) {
    const fromBlock = `0x${Math.max(0, header.number - span).toString(16)}`
    const filter = {
      topics: [transferTopics[0], ...(place === 2 ? [null] : []), holders],
      ...{ fromBlock, toBlock: 'latest' },
    }
    try {
      return await client.request({ method: 'eth_getLogs', params: [filter] }, (raw) =>
        asList(raw, 'logs', logsMax).flatMap((item) => moveOf(item, place)),
      )
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
    }
  }
  return []
}

function moveOf(item: unknown, place: 1 | 2): Move[] {
  const log = asObject(item, 'a log')
  const topics = asList(log.topics, 'the topics of a log', 4)
  // Of collections, which have a fourth topic, each item is another thing.
  if (topics.length !== 3) return []
  return [
    {
      token: asAddress(log.address, 'the address of a log'),
      holder: `0x${asHash(topics[place], 'a topic').slice(26)}`,
      transaction: asHash(log.transactionHash, 'the transaction of a log'),
    },
  ]
}
