import type { Address, Hex } from '../../../src/model/chain.ts'
import { RpcError } from './jsonRpc.ts'
import type { RpcReceipt, RpcTransaction, ServedBlock } from './rpcTypes.ts'
import type { SomeCall } from './someCall.ts'

type WholeCall = Required<Omit<SomeCall, 'error' | 'calls'>> & { error: string | undefined; calls: WholeCall[] }

const hex = (value: bigint | number): Hex => `0x${value.toString(16)}`

/** Each transaction itself as a call, and within it what `calls` of the block says. Blocks may be put together when read. */
function rootsOf(block: ServedBlock): WholeCall[] {
  const { receipts } = block
  return block.block.transactions.map((transaction, index) =>
    rootOf(transaction, receipts[index]!, block.calls?.[index] ?? []),
  )
}

function rootOf(
  { from, to, value, input }: RpcTransaction,
  { status, contractAddress }: RpcReceipt,
  calls: readonly SomeCall[],
): WholeCall {
  return whole(
    {
      kind: to === null ? 'create' : 'call',
      from,
      to: to ?? contractAddress ?? `0x${'0'.repeat(40)}`,
      value: BigInt(value),
      input,
      calls,
      ...(status === '0x0' && { error: 'execution reverted' }),
    },
    from,
  )
}

function whole({ error, calls = [], ...call }: SomeCall, caller: Address): WholeCall {
  // Code that is borrowed runs as whoever borrows it.
  const self = call.kind === 'delegatecall' || call.kind === 'callcode' ? (call.from ?? caller) : call.to
  return {
    kind: 'call',
    from: caller,
    value: 0n,
    input: '0x',
    output: '0x',
    ...call,
    error,
    calls: calls.map((inner) => whole(inner, self)),
  }
}

/** As Geth's `callTracer` writes it. */
function nested({ kind, from, to, value, input, output, error, calls }: WholeCall): unknown {
  return {
    from,
    gas: '0x30000',
    gasUsed: '0x5208',
    to,
    input,
    ...(output !== '0x' && { output }),
    ...(error !== undefined && { error }),
    ...(calls.length > 0 && { calls: calls.map(nested) }),
    ...(kind !== 'staticcall' && { value: hex(value) }),
    type: kind.toUpperCase(),
  }
}

/** As `trace_block` writes it. */
function flat(root: WholeCall, { hash, number }: ServedBlock, index: number, transactionHash: Hex): unknown[] {
  const where = {
    blockHash: hash,
    blockNumber: number,
    transactionHash,
    transactionPosition: index,
  }
  const list: unknown[] = []
  const add = (call: WholeCall, traceAddress: number[]) => {
    list.push({ ...flatCall(call), ...where, traceAddress, subtraces: call.calls.length })
    for (const [place, inner] of call.calls.entries()) add(inner, [...traceAddress, place])
  }
  add(root, [])
  return list
}

function flatCall({ kind, from, to, value, input, output, error }: WholeCall) {
  const failed = error !== undefined && { error: error === 'execution reverted' ? 'Reverted' : error }
  if (kind === 'selfdestruct') {
    const action = { address: from, refundAddress: to, balance: hex(value) }
    return { type: 'suicide', action, result: null, ...failed }
  }
  const ends = { from, gas: '0x30000', value: hex(value) }
  if (kind === 'create' || kind === 'create2') {
    const result = error === undefined ? { address: to, code: output, gasUsed: '0x5208' } : null
    return { type: 'create', action: { ...ends, init: input, creationMethod: kind }, result, ...failed }
  }
  const result = error === undefined ? { gasUsed: '0x5208', output } : null
  return { type: 'call', action: { ...ends, callType: kind, to, input }, result, ...failed }
}

const hashesOf = (block: ServedBlock): Hex[] => block.block.transactions.map(({ hash }) => hash)

/** What each method answers about a transaction of a block, or about all of them. Throws `RpcError` as a node does. */
export const traceAnswers = {
  debugBlock(block: ServedBlock | undefined, options: unknown): unknown {
    mustBeCallTracer(options)
    if (!block) throw new RpcError(-32000, 'block not found')
    const hashes = hashesOf(block)
    return rootsOf(block).map((root, index) => ({ txHash: hashes[index]!, result: nested(root) }))
  },
  debugTransaction(place: { block: ServedBlock; index: number } | undefined, options: unknown): unknown {
    mustBeCallTracer(options)
    if (!place) throw new RpcError(-32000, 'transaction not found')
    return nested(rootsOf(place.block)[place.index]!)
  },
  parityBlock(block: ServedBlock | undefined): unknown {
    if (!block) return null
    const hashes = hashesOf(block)
    return rootsOf(block).flatMap((root, index) => flat(root, block, index, hashes[index]!))
  },
  parityTransaction(place: { block: ServedBlock; index: number } | undefined): unknown {
    if (!place) return null
    const { block, index } = place
    return flat(rootsOf(block)[index]!, block, index, hashesOf(block)[index]!)
  },
}

function mustBeCallTracer(options: unknown): void {
  if ((options as { tracer?: unknown } | undefined)?.tracer === 'callTracer') return
  throw new RpcError(-32602, 'this node has no tracer but callTracer')
}
