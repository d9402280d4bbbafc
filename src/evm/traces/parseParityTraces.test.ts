import { describe, expect, test } from 'vitest'
import { hasCorpus, readCorpus, recordedTraces } from '../../../test/harness/corpus.ts'
import { account } from '../../../test/harness/node/block.ts'
import type { Hex } from '../../model/chain.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { parseParityTraces } from './parseParityTraces.ts'

const [ana, vault, token] = [account(0xa), account(0x7a), account(0x7b)]
const action = { callType: 'call', from: ana, to: vault, value: '0x5', input: '0xaabbccdd', gas: '0x0' }
const call = (traceAddress: number[], subtraces: number, rest: object = {}) => ({
  type: 'call',
  action,
  result: { gasUsed: '0x1', output: '0x' },
  traceAddress,
  subtraces,
  ...rest,
})

describe('a flat trace', () => {
  test('is read with what failed, was created and ended itself', () => {
    const frames = parseParityTraces([
      call([], 3),
      call([0], 1, { action: { ...action, callType: 'delegatecall' }, result: null, error: 'Reverted' }),
      call([0, 0], 0, { action: { ...action, callType: 'staticcall' } }),
      {
        ...call([1], 0, { type: 'create', action: { from: vault, init: '0x60', value: '0x0' } }),
        result: { address: token, code: '0x61', gasUsed: '0x9' },
      },
      {
        type: 'suicide',
        action: { address: vault, refundAddress: ana, balance: '0x7' },
        traceAddress: [2],
        subtraces: 0,
      },
    ])
    expect(
      frames.map(({ depth, kind, from, to, value, output, error }) => [depth, kind, from, to, value, output, error]),
    ).toEqual([
      [0, 'call', ana, vault, 5n, '0x', null],
      [1, 'delegatecall', ana, vault, 0n, '0x', 'reverted'],
      [2, 'staticcall', ana, vault, 0n, '0x', null],
      [1, 'create', vault, token, 0n, '0x61', null],
      [1, 'selfdestruct', vault, ana, 7n, '0x', null],
    ])
  })

  test.each<[string, unknown[]]>([
    ['a call left out', [call([], 2), call([0], 0)]],
    ['a call too many', [call([], 0), call([0], 0)]],
    ['a gap', [call([], 2), call([1], 0)]],
    ['a call without the one around it', [call([], 1), call([0, 0], 0)]],
    ['two beginnings', [call([], 0), call([], 0)]],
    ['no beginning', [call([0], 0)]],
    ['a kind that does not exist', [call([], 0, { type: 'jump' })]],
    ['a call type that does not exist', [call([], 0, { action: { ...action, callType: 'jump' } })]],
    ['an empty object', [{}]],
    ['no place', [call([], 0, { traceAddress: undefined })]],
    [
      'a place deeper than any call',
      [
        call(
          Array.from({ length: 2000 }, () => 0),
          0,
        ),
      ],
    ],
  ])('with %s is refused', (_, traces) => {
    expect(() => parseParityTraces(traces)).toThrow(RpcError)
  })
})

type Flat = { type: string; transactionHash: Hex; traceAddress: unknown[] }
type Pair<Result> = { request: { params: [string, { tracer?: string }?] }; response: { result?: Result } }

/** Each transaction's traces, without the rewards of miners. */
function byTransaction(traces: Flat[]): Flat[][] {
  const groups = new Map<Hex, Flat[]>()
  for (const trace of traces) {
    if (trace.type === 'reward') continue
    groups.set(trace.transactionHash, [...(groups.get(trace.transactionHash) ?? []), trace])
  }
  return [...groups.values()]
}

describe.skipIf(!hasCorpus)('recorded flat traces', () => {
  test('are all read: 14 blocks of mainnet', () => {
    const traces = recordedTraces().flatMap((block) => block.traces as Flat[])
    const rewards = traces.filter(({ type }) => type === 'reward').length
    const transactions = byTransaction(traces)
    expect(transactions).toHaveLength(2921)
    expect(transactions.flatMap(parseParityTraces).length + rewards).toBe(12_936)
  })

  test('are all read: answers to trace_block, and of flatCallTracer', () => {
    const blocks = readCorpus<Pair<Flat[]>[]>('rpc/trace_block.json.gz').map(({ response }) => response.result ?? [])
    expect(blocks.flatMap(byTransaction).flatMap(parseParityTraces)).toHaveLength(3478)
    const flat = ['debug_traceBlockByHash', 'debug_traceBlockByNumber']
      .flatMap((method) => readCorpus<Pair<{ result: Flat[] }[]>[]>(`rpc/${method}.json.gz`))
      .filter(({ request }) => request.params[1]?.tracer === 'flatCallTracer')
      .flatMap(({ response }) => response.result ?? [])
    expect(flat).toHaveLength(323)
    expect(flat.flatMap(({ result }) => parseParityTraces(result))).toHaveLength(
      flat.reduce((sum, { result }) => sum + result.length, 0),
    )
  })
})
