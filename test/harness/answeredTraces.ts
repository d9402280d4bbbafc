import { toHex } from 'viem'
import type { Address, Hex } from '../../src/model/chain.ts'
import { readCorpus, type TracedRecord } from './corpus.ts'

type Pair = { request: { params: unknown[] }; response: { result?: unknown } }
type Action = { from: Address; to?: Address; value?: Hex; input?: Hex; init?: Hex; gas: Hex }
type Flat = {
  type: string
  action: Action & Record<string, Hex | undefined>
  result: { address?: Address; output?: Hex } | null
  error?: string
  traceAddress: number[]
  blockHash: Hex
  blockNumber: number
  transactionHash: Hex | null
  transactionPosition: number | null
}
type Nested = Action & { type: string; output?: Hex; error?: string; calls?: Nested[] }

/** Fewer say nothing of ordinary traffic. */
const leastTransactions = 60

/**
 * Whole blocks of mainnet that stand among the recorded answers of nodes. No limit of any detector was chosen by them.
 */
export function answeredTraces(): TracedRecord[] {
  const blocks = new Map<number, TracedRecord>()
  for (const each of [...parityBlocks(), ...tracedBlocks()]) {
    if (each.transactions.length >= leastTransactions && !blocks.has(each.number)) blocks.set(each.number, each)
  }
  return [...blocks.values()].sort((a, b) => a.number - b.number)
}

function parityBlocks(): TracedRecord[] {
  return readCorpus<Pair[]>('rpc/trace_block.json.gz').flatMap(({ response }) => {
    const traces = (Array.isArray(response.result) ? response.result : []) as Flat[]
    return recordOf(traces.filter(({ transactionPosition }) => transactionPosition !== null))
  })
}

function tracedBlocks(): TracedRecord[] {
  return readCorpus<Pair[]>('rpc/debug_traceBlockByNumber.json.gz').flatMap(({ request, response }) => {
    const list = (Array.isArray(response.result) ? response.result : []) as { txHash: Hex; result: unknown }[]
    const number = Number(request.params[0])
    return recordOf(
      list.flatMap(({ txHash, result }, place): Flat[] => {
        const where = { transactionHash: txHash, transactionPosition: place, blockNumber: number, blockHash: txHash }
        if (Array.isArray(result)) return result.map((flat: Flat) => ({ ...flat, ...where }))
        const nested = result as Nested | undefined
        return nested?.type ? flatten(nested, []).map((flat) => ({ ...flat, ...where })) : []
      }),
    )
  })
}

function flatten(call: Nested, traceAddress: number[]): Omit<Flat, keyof typeof nowhere>[] {
  const { type, from, to, value = '0x0', input = '0x', gas, output = '0x', error } = call
  const isMade = type.startsWith('CREATE')
  const action = isMade
    ? { from, value, init: input, gas }
    : { from, to, value, input, gas, callType: type.toLowerCase() }
  const dies = type === 'SELFDESTRUCT'
  const flat = {
    type: isMade ? 'create' : dies ? 'suicide' : 'call',
    action: dies ? { from, gas, address: from, refundAddress: to, balance: value } : action,
    result: isMade ? { ...(to && { address: to }), output } : { output },
    ...(error !== undefined && { error }),
    traceAddress,
  } as Omit<Flat, keyof typeof nowhere>
  return [flat, ...(call.calls ?? []).flatMap((each, place) => flatten(each, [...traceAddress, place]))]
}

const nowhere = { blockHash: '', blockNumber: 0, transactionHash: '', transactionPosition: 0 }

function recordOf(traces: readonly Flat[]): TracedRecord[] {
  const roots = traces.filter(({ traceAddress }) => traceAddress.length === 0)
  const [first] = roots
  if (!first) return []
  const transactions = roots.map(({ action, blockHash, blockNumber, ...root }, place) => ({
    ...{ hash: root.transactionHash!, blockHash, blockNumber: toHex(blockNumber), transactionIndex: toHex(place) },
    ...{ from: action.from, to: action.to ?? null, value: action.value ?? ('0x0' as Hex), nonce: '0x0' as Hex },
    ...{ input: action.input ?? action.init ?? ('0x' as Hex), gas: action.gas, type: '0x0' as Hex },
  }))
  const places = new Map(transactions.map(({ hash }, place) => [hash, place]))
  const placed = traces.map((each) => ({ ...each, transactionPosition: places.get(each.transactionHash!) ?? null }))
  return [{ number: first.blockNumber, transactions, traces: placed }]
}
