import { toEventSelector, toHex } from 'viem'
import type { Address, Hex } from '../../src/model/chain.ts'
import { type RecordedBlock, recordedTraces, type TracedRecord } from './corpus.ts'
import { logsBloom } from './node/logsBloom.ts'
import type { RpcLog, RpcReceipt, RpcTransaction } from './node/rpcTypes.ts'
import type { SomeCall } from './node/someCall.ts'

/** `calls`: what happens inside each transaction. */
export type BlockWithCalls = RecordedBlock & { calls: SomeCall[][] }

type Flat = {
  type: string
  action: { callType?: string; from: Address; to?: Address; value?: Hex; input?: Hex; init?: Hex } & {
    address?: Address
    refundAddress?: Address
    balance?: Hex
  }
  result: { address?: Address; output?: Hex; code?: Hex } | null
  /** Null in the records where nothing failed. */
  error?: string | null
  traceAddress: number[]
  transactionPosition: number | null
}
type Node = SomeCall & { calls: Node[] }

/**
 * Blocks with calls, by default the 14 of the folder `traces`. Their receipts were recorded without logs and status:
 * transfers are told by the calls that make tokens send.
 */
export function recordedCalls(records: readonly TracedRecord[] = recordedTraces()): BlockWithCalls[] {
  return records.map(({ number, transactions, traces }) => {
    const roots = transactions.map(() => [] as Node[])
    const failed = transactions.map(() => false)
    const created = transactions.map((): Address | null => null)
    for (const flat of traces as Flat[]) {
      const place = flat.transactionPosition
      if (place === null || flat.type === 'reward') continue
      if (flat.traceAddress.length === 0) {
        failed[place] = flat.error != null
        created[place] = (flat.type === 'create' && flat.result?.address) || null
      } else put(roots[place]!, flat.traceAddress, callOf(flat))
    }
    const receipts = transactions.map((transaction, index) => ({
      ...receiptOf(transaction, index, failed[index] ? null : logsOf(transaction, roots[index]!)),
      contractAddress: created[index] ?? null,
    }))
    return { number, transactions, receipts, calls: roots }
  })
}

function put(list: Node[], [first = 0, ...rest]: number[], call: Node): void {
  if (rest.length === 0) list[first] = call
  else put(list[first]!.calls, rest, call)
}

function callOf({ type, action, result, error }: Flat): Node {
  const failed = error == null ? {} : { error: error === 'Reverted' ? 'execution reverted' : error }
  const value = BigInt(action.value ?? action.balance ?? '0x0')
  if (type === 'suicide') {
    return { kind: 'selfdestruct', from: action.address!, to: action.refundAddress!, value, calls: [], ...failed }
  }
  const made = type === 'create'
  return {
    kind: made ? 'create' : (action.callType as NonNullable<SomeCall['kind']>),
    from: action.from,
    to: made ? (result?.address ?? nobody) : action.to!,
    value,
    input: action.input ?? action.init ?? '0x',
    output: result?.output ?? result?.code ?? '0x',
    calls: [],
    ...failed,
  }
}

const nobody: Address = `0x${'0'.repeat(40)}`

/** Logs null: the transaction failed. */
function receiptOf(transaction: RpcTransaction, index: number, logs: RpcLog[] | null): RpcReceipt {
  const { hash: transactionHash, blockHash, blockNumber, from, to } = transaction
  return {
    ...{ transactionHash, blockHash, blockNumber, from, to, contractAddress: null },
    transactionIndex: toHex(index),
    cumulativeGasUsed: toHex(21_000 * (index + 1)),
    gasUsed: '0x5208',
    effectiveGasPrice: '0x1',
    logs: logs ?? [],
    logsBloom: logsBloom(logs ?? []),
    type: '0x0',
    status: logs === null ? '0x0' : '0x1',
  }
}

const weth: Address = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const [transfer, transferFrom, withdraw] = ['0xa9059cbb', '0x23b872dd', '0x2e1a7d4d'] as const
const topics = {
  transfer: toEventSelector('event Transfer(address, address, uint256)'),
  wrap: toEventSelector('event Deposit(address, uint256)'),
  unwrap: toEventSelector('event Withdrawal(address, uint256)'),
}

function logsOf({ hash, blockHash, blockNumber, transactionIndex, ...root }: RpcTransaction, calls: Node[]): RpcLog[] {
  const { from, to, value, input } = root
  const whole: Node[] = to === null ? calls : [{ kind: 'call', from, to, value: BigInt(value), input, calls }]
  const where = { blockHash, blockNumber, transactionHash: hash, transactionIndex, removed: false }
  return flatten(whole)
    .flatMap((call) => transferOf(call))
    .map((log, index) => ({ ...log, ...where, logIndex: toHex(index) }))
}

/** What failed left nothing behind, nor did what it called. */
const flatten = (calls: readonly Node[]): Node[] =>
  calls.flatMap((call) => (call.error === undefined ? [call, ...flatten(call.calls)] : []))

function transferOf({
  kind,
  from = nobody,
  to,
  value = 0n,
  input = '0x',
}: Node): Pick<RpcLog, 'address' | 'topics' | 'data'>[] {
  if (kind !== 'call') return []
  const tell = (topics: Hex[], data: Hex) => [{ address: to, topics, data }]
  const words = (input.slice(10).match(/.{64}/g) ?? []).map((digits): Hex => `0x${digits}`)
  if (to === weth && value > 0n) return tell([topics.wrap, word(from)], toHex(value, { size: 32 }))
  if (to === weth && input.startsWith(withdraw) && words[0]) return tell([topics.unwrap, word(from)], words[0])
  const ends = input.startsWith(transfer) ? [word(from), ...words] : input.startsWith(transferFrom) ? words : []
  const [sender, recipient, amount] = ends
  return sender && recipient && amount ? tell([topics.transfer, sender, recipient], amount) : []
}

const word = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`
