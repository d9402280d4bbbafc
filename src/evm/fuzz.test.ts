import fc from 'fast-check'
import { expect } from 'vitest'
import { hasCorpus, readCorpus } from '../../test/harness/corpus.ts'
import { fuzz } from '../../test/harness/fuzz.ts'
import { mutations } from '../../test/harness/hostileJson.ts'
import { account, call, chain, event, tx } from '../../test/harness/node/block.ts'
import { type Read, readKey } from '../model/read.ts'
import { fetchBlock, fetchHeader } from './fetchBlock.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import { parseReceipts } from './parseReceipts.ts'
import { readState } from './readState.ts'
import { createChainClient } from './rpc/chainClient.ts'
import type { Provider } from './rpc/provider.ts'
import { createProviderHealth } from './rpc/providerHealth.ts'
import { RpcError } from './rpc/rpcError.ts'

const vault = account(0x7a)
const [block] = chain(1, () => [
  tx({ to: vault, logs: [event('event Paused(address account)', vault, { account: vault })] }),
  tx({ to: null, value: 5n, input: call('function f(bytes data)', ['0x1234']), status: 'reverted' }),
])

/** Answers of mainnet nodes as they were recorded, the smaller ones. */
function recorded(method: string): unknown[] {
  if (!hasCorpus) return []
  const pairs = readCorpus<{ response: { result?: unknown } }[]>(`rpc/${method}.json.gz`)
  return pairs.flatMap(({ response: { result } }) => {
    return result && JSON.stringify(result).length < 30_000 ? [result] : []
  })
}

/** Nothing of what was read may be anything but what its type says. */
function isSound(value: unknown): boolean {
  if (typeof value === 'string') return /^(0x[0-9a-f]*|success|reverted|unknown)$/.test(value)
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'bigint'
  return Object.values(value).every(isSound)
}

function survives(text: string, read: (raw: unknown) => unknown): void {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return
  }
  try {
    expect(isSound(read(raw))).toBe(true)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    expect(error.message.length).toBeLessThan(1000)
  }
}

const parsed = parseBlock(block!.block)
const blocks = [block!.block, ...recorded('eth_getBlockByNumber'), ...recorded('eth_getBlockByHash')]

fuzz('a header is read, or refused with an RpcError', 2, mutations(blocks), (text) => survives(text, parseHeader))
fuzz('a block is read, or refused with an RpcError', 3, mutations(blocks), (text) => survives(text, parseBlock))
fuzz('receipts are read, or refused with an RpcError', 3, mutations([block!.receipts]), (text) => {
  survives(text, (raw) => {
    const { receipts, faults } = parseReceipts(raw, parsed)
    for (const fault of faults) expect(fault.length).toBeLessThan(1000)
    return receipts
  })
})

/** A provider that gives these answers, whatever it is asked about. */
const giving = (answers: Record<string, unknown>): Provider => ({
  host: 'liar',
  health: createProviderHealth('liar'),
  request: async ({ method }) => answers[method],
  batch: async (calls) => calls.map(({ method }) => ({ ok: true, result: answers[method] })),
  onHead: undefined,
  onPending: undefined,
  close() {},
})
const rawOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
const reads: Read[] = [
  { at: 'block', kind: 'balance', of: vault },
  { at: 'parent', kind: 'call', to: vault, data: '0x5c975abb' },
  { at: 'block', kind: 'storage', of: vault, slot: `0x${'00'.repeat(32)}` },
]
const answers = fc.tuple(
  fc.oneof(fc.constant(JSON.stringify(block!.block)), mutations([block!.block])),
  mutations([block!.receipts]),
  mutations(['0x1', `0x${'ab'.repeat(32)}`]),
)

fuzz('a block and its state are fetched, or refused with an RpcError', 3, answers, async ([body, receipts, state]) => {
  const client = createChainClient([
    giving({
      eth_getBlockByNumber: rawOf(body),
      eth_getBlockReceipts: rawOf(receipts),
      eth_call: rawOf(state),
      eth_getBalance: rawOf(state),
      eth_getStorageAt: rawOf(state),
    }),
  ])
  for (const number of [1, 'latest'] as const) {
    await fetchHeader(client, number).catch(mustBeRpcError)
  }
  const fetched = await fetchBlock(client, 1, () => true).catch(mustBeRpcError)
  if (fetched) expect(isSound(fetched.block)).toBe(true)
  const read = await readState(client, parsed, reads)
  expect(read.size).toBe(reads.length)
  for (const each of reads) {
    const answer = read.get(readKey(each))!
    if (answer.ok) expect(answer.data).toMatch(each.kind === 'call' ? /^0x([0-9a-f]{2})*$/ : /^0x[0-9a-f]{64}$/)
  }
})

function mustBeRpcError(error: unknown): null {
  if (error instanceof RpcError) return null
  throw error
}
