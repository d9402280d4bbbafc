import { inParallel } from '../../lib/inParallel.ts'
import type { Block, Hex, Trace, Transaction } from '../../model/chain.ts'
import { asHash, asList, asNumber, asObject, type Raw } from '../parseHex.ts'
import type { Provider, RpcAnswer } from '../rpc/provider.ts'
import { RpcError } from '../rpc/rpcError.ts'
import type { RpcCall } from '../rpc/transport.ts'
import type { Frame } from './frame.ts'
import { layCalls } from './layCalls.ts'
import { parseCallTracer } from './parseCallTracer.ts'
import { parseParityTraces } from './parseParityTraces.ts'

/**
 * One way to learn the calls of some transactions of a block from one provider.
 * @throws {RpcError} It gives nothing usable at all.
 */
export type TraceWay = (
  provider: Provider,
  block: Block,
  wanted: readonly Transaction[],
) => Promise<ReadonlyMap<Hex, Trace>>

export type TraceMethod = 'debug_traceTransaction' | 'trace_transaction' | 'debug_traceBlockByHash' | 'trace_block'

/** Requests under way; each transaction has its own, so that a trace too big to be taken spoils no other. */
const atOnce = 4
const tracesMax = 2_000_000
const callTracer = { tracer: 'callTracer' }

export const traceWays: Record<TraceMethod, TraceWay> = {
  debug_traceTransaction: oneByOne(
    ({ hash }) => ({ method: 'debug_traceTransaction', params: [hash, callTracer] }),
    parseCallTracer,
  ),

  trace_transaction: oneByOne(
    ({ hash }) => ({ method: 'trace_transaction', params: [hash] }),
    (raw, transaction, block) => {
      const traces = asList(raw, 'the traces of a transaction', tracesMax)
      for (const trace of traces) mustBeOf(asObject(trace, 'a trace'), block, transaction.hash)
      return parseParityTraces(traces)
    },
  ),

  async debug_traceBlockByHash(provider, block, wanted) {
    const raw = await provider.request({ method: 'debug_traceBlockByHash', params: [block.hash, callTracer] })
    const list = asList(raw, 'the traces of a block', block.transactions.length)
    if (list.length !== block.transactions.length) {
      const counts = `${list.length} traces for ${block.transactions.length} transactions`
      throw new RpcError('malformed', `A provider gave ${counts} of block ${block.number}.`)
    }
    return readEach({ provider, block, wanted }, ({ hash, index }) => {
      const { txHash, result, error } = asObject(list[index], 'the trace of a transaction')
      // Older nodes do not name the transaction; the order is the same.
      if (txHash != null && asHash(txHash, 'the transaction of a trace') !== hash) throw foreign(block)
      if (error != null) throw new RpcError('answered', `A provider could not trace transaction ${hash}.`)
      return parseCallTracer(result)
    })
  },

  async trace_block(provider, block, wanted) {
    const number = `0x${block.number.toString(16)}`
    const raw = await provider.request({ method: 'trace_block', params: [number] })
    const byHash = groupTraces(asList(raw, 'the traces of a block', tracesMax), block)
    return readEach({ provider, block, wanted }, ({ hash }) => parseParityTraces(byHash.get(hash) ?? []))
  },
}

function oneByOne(
  call: (transaction: Transaction) => RpcCall,
  parse: (raw: unknown, transaction: Transaction, block: Block) => Frame[],
): TraceWay {
  return async (provider, block, wanted) => {
    const answers = await inParallel(wanted, atOnce, (transaction) => settle(provider.request(call(transaction))))
    const [first] = answers
    if (first && answers.every(({ ok }) => !ok)) mustBeOk(first)
    const byHash = new Map(wanted.map(({ hash }, place) => [hash, answers[place]!]))
    return readEach({ provider, block, wanted }, (transaction) =>
      parse(mustBeOk(byHash.get(transaction.hash)!), transaction, block),
    )
  }
}

async function settle(result: Promise<unknown>): Promise<RpcAnswer> {
  try {
    return { ok: true, result: await result }
  } catch (error) {
    if (error instanceof RpcError) return { ok: false, error }
    throw error
  }
}

function mustBeOk(answer: RpcAnswer): unknown {
  if (answer.ok) return answer.result
  throw answer.error
}

/** A trace that cannot be read, or be true, is missing alone: whoever sent the transaction blinds nobody for the others. */
function readEach(
  { provider, block, wanted }: { provider: Provider; block: Block; wanted: readonly Transaction[] },
  framesOf: (transaction: Transaction) => Frame[],
): Map<Hex, Trace> {
  let lie: RpcError | undefined
  const read = (transaction: Transaction): Trace => {
    try {
      const receipt = block.receipts?.[transaction.index] ?? null
      return { ok: true, calls: layCalls(framesOf(transaction), transaction, receipt) }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (error.fault === 'malformed') lie ??= error
      return { ok: false, reason: error.message, lasting: false }
    }
  }
  const traces = new Map(wanted.map((transaction) => [transaction.hash, read(transaction)]))
  if (lie) provider.health.failed(lie)
  return traces
}

/** Leaves out the rewards of miners. @throws {RpcError} They are of another block, or out of order. */
function groupTraces(traces: readonly unknown[], block: Block): Map<Hex, Raw[]> {
  const byHash = new Map<Hex, Raw[]>()
  let newest = 0
  for (const raw of traces) {
    const trace = asObject(raw, 'a trace')
    if (trace.type === 'reward') continue
    const index = asIndex(trace.transactionPosition)
    const transaction = block.transactions[index]
    if (!transaction || index < newest) throw foreign(block)
    mustBeOf(trace, block, transaction.hash)
    newest = index
    const own = byHash.get(transaction.hash)
    if (own) own.push(trace)
    else byHash.set(transaction.hash, [trace])
  }
  return byHash
}

function asIndex(value: unknown): number {
  if (Number.isSafeInteger(value)) return Number(value)
  return asNumber(value, 'the position of a transaction')
}

function mustBeOf({ blockHash, transactionHash }: Raw, block: Block, hash: Hex): void {
  if (asHash(blockHash, 'the block of a trace') !== block.hash) throw foreign(block)
  if (asHash(transactionHash, 'the transaction of a trace') !== hash) throw foreign(block)
}

function foreign({ number, hash }: Block): RpcError {
  return new RpcError('malformed', `A provider gave traces of another block for block ${number} (${hash}).`)
}
