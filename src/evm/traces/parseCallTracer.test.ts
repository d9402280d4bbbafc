import { describe, expect, test } from 'vitest'
import { hasCorpus, readCorpus } from '../../../test/harness/corpus.ts'
import { account } from '../../../test/harness/node/block.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { parseCallTracer } from './parseCallTracer.ts'

const [ana, vault, token] = [account(0xa), account(0x7a), account(0x7b)]
const call = { type: 'CALL', from: ana, to: vault, value: '0x5', input: '0xaabbccdd', gasUsed: '0x5208' }

type Pair = { request: { params: [string, { tracer?: string }?] }; response: { result?: unknown } }

describe('a nested trace', () => {
  test('is laid flat in the order of the calls', () => {
    const frames = parseCallTracer({
      ...call,
      calls: [
        { ...call, to: token, calls: [{ ...call, type: 'STATICCALL', value: undefined, output: '0x01' }] },
        { ...call, type: 'DELEGATECALL', error: 'execution reverted' },
        { type: 'SELFDESTRUCT', from: vault, to: ana, value: '0x7', gas: '0x0', gasUsed: '0x0', input: '0x' },
        { ...call, type: 'CREATE2', error: 'out of gas', to: undefined },
      ],
    })
    expect(frames.map(({ depth, kind, to, value, output, error }) => [depth, kind, to, value, output, error])).toEqual([
      [0, 'call', vault, 5n, '0x', null],
      [1, 'call', token, 5n, '0x', null],
      [2, 'staticcall', vault, 0n, '0x01', null],
      [1, 'delegatecall', vault, 0n, '0x', 'reverted'],
      [1, 'selfdestruct', ana, 7n, '0x', null],
      [1, 'create', null, 5n, '0x', 'out of gas'],
    ])
  })

  test.each<[string, unknown]>([
    ['an empty object', {}],
    ['nothing', null],
    ['a list', []],
    ['a kind that does not exist', { ...call, type: 'JUMP' }],
    ['calls that are no list', { ...call, calls: {} }],
    ['a call that is no call', { ...call, calls: [7] }],
    ['no recipient', { ...call, to: undefined }],
    ['odd hex', { ...call, input: '0xabc' }],
  ])('with %s is refused', (_, raw) => {
    expect(() => parseCallTracer(raw)).toThrow(RpcError)
  })

  test('is refused where it is deeper than any call can be, however deep', () => {
    const nested = (depth: number) => {
      let around: unknown = call
      for (let level = 0; level < depth; level++) around = { ...call, calls: [around] }
      return around
    }
    expect(parseCallTracer(nested(1024))).toHaveLength(1025)
    expect(() => parseCallTracer(nested(1025))).toThrow('1025')
    expect(() => parseCallTracer(nested(200_000))).toThrow(RpcError)
    expect(() => parseCallTracer({ ...call, from: nested(200_000) })).toThrow('an object')
  })

  test.skipIf(!hasCorpus)('is read in every recorded answer', () => {
    const traces = ['debug_traceBlockByHash', 'debug_traceBlockByNumber', 'debug_traceTransaction']
      .flatMap((method) => readCorpus<Pair[]>(`rpc/${method}.json.gz`))
      .filter(({ request, response }) => request.params[1]?.tracer === 'callTracer' && response.result)
      .flatMap(({ response: { result } }) => (Array.isArray(result) ? result.map((item) => item.result) : [result]))
    // As many as the text of the answers has types of calls.
    const told = traces.reduce((sum, trace) => sum + JSON.stringify(trace).match(/"type":"/g)!.length, 0)
    expect(traces).toHaveLength(366)
    expect(traces.flatMap(parseCallTracer)).toHaveLength(told)
    expect(told).toBe(1792)
  })
})
