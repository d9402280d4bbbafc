import { expect } from 'vitest'
import { hasCorpus, readCorpus } from '../../test/harness/corpus.ts'
import { fuzz } from '../../test/harness/fuzz.ts'
import { mutations } from '../../test/harness/hostileJson.ts'
import { account, call, chain, event, tx } from '../../test/harness/node/block.ts'
import { parseBlock, parseHeader } from './parseBlock.ts'
import { parseReceipts } from './parseReceipts.ts'
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
