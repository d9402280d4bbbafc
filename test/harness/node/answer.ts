import type { Hex } from '../../../src/model/chain.ts'
import { findLogs } from './findLogs.ts'
import { RpcError } from './jsonRpc.ts'
import type { NodeChain } from './nodeChain.ts'
import type { RpcBlock, ServedBlock } from './rpcTypes.ts'
import type { Serialised } from './serialised.ts'
import { traceAnswers } from './traces.ts'

/** Answers questions about the state. Throw an `RpcError` for a revert (code 3 with the return data). */
export type StateAnswer = (method: string, params: readonly unknown[]) => unknown

export type World = {
  chainId: number
  chain: NodeChain
  serialised: Serialised
  state(): StateAnswer
}

/** A method's result as JSON text, so that big answers are written once and sent often. */
type Answer = (world: World, params: readonly unknown[]) => string

const hex = (value: number): string => `"0x${value.toString(16)}"`
const zeroWord = `0x${'0'.repeat(64)}`

const stateDefaults: Record<string, unknown> = {
  eth_call: '0x',
  eth_getBalance: '0x0',
  eth_getStorageAt: zeroWord,
  eth_getCode: '0x',
}

/** For those who set a state function that knows only some of the questions. */
export const defaultState: StateAnswer = (method) => stateDefaults[method]

const answers: Record<string, Answer> = {
  eth_chainId: ({ chainId }) => hex(chainId),
  net_version: ({ chainId }) => `"${chainId}"`,
  web3_clientVersion: () => '"tocsin-test-node/1"',
  eth_blockNumber: ({ chain }) => hex(chain.head().number),
  eth_getBlockByNumber: (world, [which, full]) => blockJson(world, findBlock(world, which), full === true),
  eth_getBlockByHash: (world, [hash, full]) => blockJson(world, world.chain.byHash(hash as Hex), full === true),
  eth_getBlockReceipts: (world, [which]) => {
    const block = findBlock(world, which)
    return block ? world.serialised.receipts(block) : 'null'
  },
  eth_getTransactionReceipt: ({ chain }, [hash]) => {
    const place = chain.transaction(hash as Hex)
    return place ? JSON.stringify(place.block.receipts[place.index]) : 'null'
  },
  eth_getTransactionByHash: ({ chain }, [hash]) => {
    const place = chain.transaction(hash as Hex)
    return place ? JSON.stringify(place.block.block.transactions[place.index]) : 'null'
  },
  eth_getLogs: (world, [filter]) => JSON.stringify(findLogs(world.chain, filter, (tag) => findBlock(world, tag))),
  eth_call: (world, params) => stateJson(world, 'eth_call', params, params[1]),
  eth_getBalance: (world, params) => stateJson(world, 'eth_getBalance', params, params[1]),
  eth_getStorageAt: (world, params) => stateJson(world, 'eth_getStorageAt', params, params[2]),
  eth_getCode: (world, params) => stateJson(world, 'eth_getCode', params, params[1]),
  debug_traceBlockByHash: (world, [hash, options]) =>
    JSON.stringify(traceAnswers.debugBlock(findBlock(world, hash), options)),
  debug_traceBlockByNumber: (world, [number, options]) =>
    JSON.stringify(traceAnswers.debugBlock(findBlock(world, number), options)),
  debug_traceTransaction: ({ chain }, [hash, options]) =>
    JSON.stringify(traceAnswers.debugTransaction(chain.transaction(hash as Hex), options)),
  trace_block: (world, [which]) => JSON.stringify(traceAnswers.parityBlock(findBlock(world, which))),
  trace_transaction: ({ chain }, [hash]) =>
    JSON.stringify(traceAnswers.parityTransaction(chain.transaction(hash as Hex))),
}

/** The result of one call as JSON text. Throws `RpcError` where a node answers with an error envelope. */
export function answer(world: World, method: string, params: readonly unknown[]): string {
  const known = Object.hasOwn(answers, method) ? answers[method] : undefined
  if (!known) throw new RpcError(-32601, `the method ${method} does not exist/is not available`)
  return known(world, params)
}

/** By tag, number, hash, `{ blockHash }` or `{ blockNumber }`. */
export function findBlock({ chain }: World, which: unknown): ServedBlock | undefined {
  if (typeof which === 'object' && which !== null) {
    if ('blockHash' in which) return chain.byHash(which.blockHash as Hex)
    if ('blockNumber' in which) return chain.byNumber(Number(which.blockNumber))
  }
  if (which === 'latest' || which === 'pending') return chain.head()
  if (which === 'earliest') return chain.first()
  if (which === 'safe') return chain.byNumber(chain.safe())
  if (which === 'finalized') return chain.byNumber(chain.finalized())
  if (typeof which !== 'string' || !/^0x[0-9a-f]+$/.test(which)) {
    throw new RpcError(-32602, `invalid argument 0: ${JSON.stringify(which)} is no block`)
  }
  return which.length === 66 ? chain.byHash(which as Hex) : chain.byNumber(Number(which))
}

function blockJson({ serialised }: World, block: ServedBlock | undefined, full: boolean): string {
  if (!block) return 'null'
  return full ? serialised.block(block) : serialised.hashes(block)
}

function stateJson(world: World, method: string, params: readonly unknown[], at: unknown): string {
  if (!findBlock(world, at ?? 'latest')) throw new RpcError(-32000, 'header not found')
  return JSON.stringify(world.state()(method, params) ?? stateDefaults[method])
}

/** A header as `newHeads` sends it. */
export function headerOf(block: RpcBlock): Omit<RpcBlock, 'transactions' | 'uncles' | 'size'> {
  const { transactions: _, uncles: __, size: ___, ...header } = block
  return header
}
