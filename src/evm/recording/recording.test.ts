import fc from 'fast-check'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { account, chain } from '../../../test/harness/node/block.ts'
import { RpcError as NodeError } from '../../../test/harness/node/jsonRpc.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { KnownError } from '../../model/error.ts'
import { createChainClient } from '../rpc/chainClient.ts'
import { createProvider, createProviderOver } from '../rpc/provider.ts'
import { RpcError } from '../rpc/rpcError.ts'
import type { RpcCall } from '../rpc/transport.ts'
import { createRecorder } from './createRecorder.ts'
import { readRecording } from './readRecording.ts'
import { recordedTransport } from './recordedTransport.ts'

const key = 's3cret-key-of-ours'
const span = { chainId: 1, from: 2, to: 4 }
const blocks = chain(5)
const hashOf = (number: number) => blocks.find(({ block }) => Number(block.number) === number)!.block.hash
const whole = (number: number) => ({ method: 'eth_getBlockByNumber', params: [`0x${number.toString(16)}`, true] })
const callAt = (number: number, data = '0x70a08231'): RpcCall => ({
  method: 'eth_call',
  params: [{ to: account(0x7a), data }, { blockHash: hashOf(number) }],
})

let node: TestNode
beforeAll(async () => {
  node = await startNode({
    blocks,
    state(method, params) {
      const at = JSON.stringify(params)
      if (at.includes('0xdead')) throw new NodeError(3, `execution reverted, says ${key}`, '0x08c379a0')
      return method === 'eth_call' && at.includes(hashOf(4)) ? '0x0b' : '0x0a'
    },
  })
})
afterAll(() => node.close())

/** What a node answers to some calls, kept in a text. */
async function recorded(calls: readonly RpcCall[], recorder = createRecorder(span)) {
  const listen = recorder.listen
  const provider = createProvider({ url: `${node.url}/${key}`, chainId: 1, timeoutMs: 5_000, listen })
  const heard = await provider.batch(calls)
  provider.close()
  return { heard, ...recorder.recording() }
}

const played = (text: string) =>
  createProviderOver(recordedTransport(readRecording(text, 'chain.jsonl')), {
    ...{ host: 'chain.jsonl', secrets: [], chainId: 1, timeoutMs: 5_000 },
  })

const spoken = [whole(2), whole(3), whole(4), callAt(2), callAt(3), callAt(4), callAt(1), callAt(2, '0xdead')]

test('answers as the chain did, errors included', async () => {
  const { heard, text } = await recorded(spoken)
  const again = await played(text).batch(spoken)
  const inWords = (all: typeof heard) =>
    all.map((answer) => (answer.ok ? answer.result : [answer.error.rpcCode, answer.error.data, answer.error.reverted]))
  expect(inWords(again)).toEqual(inWords(heard))
  expect(inWords(again).slice(3)).toEqual(['0x0a', '0x0a', '0x0b', '0x0a', [3, '0x08c379a0', true]])
})

test('holds equal answers to a question once, with their blocks, in an order of its own', async () => {
  const { text, answers } = await recorded(spoken)
  const { text: shuffled } = await recorded(spoken.toReversed())
  expect(shuffled).toBe(text)
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(1 + 3 + 2)
  expect(answers).toBe(spoken.length)
  expect(JSON.parse(lines[0]!)).toEqual({ kind: 'recording', schema: 1, ...span, lines: 5 })
  expect(lines.slice(1, 4).map((line) => JSON.parse(line).params[0])).toEqual(['0x2', '0x3', '0x4'])
  expect(lines[4]).toContain(`"$block"],"answers":[{"blocks":"1-3","result":"0x0a"},{"blocks":"4","result":"0x0b"}]`)
})

test('keeps no key that a provider repeats', async () => {
  const { text } = await recorded(spoken)
  expect(text).toContain('execution reverted, says ***')
  expect(text).not.toContain(key)
})

test('keeps of two providers the answer of the one that was asked last', async () => {
  const { listen, recording } = createRecorder(span)
  const providers = [node.url, `${node.url}/second`].map((url) =>
    createProvider({ url, chainId: 1, timeoutMs: 5_000, listen }),
  )
  const { state } = node
  onTestFinished(() => {
    node.state = state
  })
  node.state = () => '0xbad'
  const client = createChainClient(providers)
  await client.request(whole(2), () => undefined)
  let tries = 0
  await client.request(callAt(2), (raw) => {
    if (tries++ > 0) return raw
    node.state = () => '0x0c'
    throw new RpcError('malformed', 'The first is not believed.')
  })
  client.close()
  expect(await played(recording().text).request(callAt(2))).toBe('0x0c')
})

test('says what was not recorded, which no detector takes for an answer', async () => {
  const { text } = await recorded(spoken)
  const player = played(text)
  const asked = async (call: RpcCall) => player.request(call).catch((error: RpcError) => error)
  const failed = await asked(callAt(3, '0x18160ddd00'))
  expect(failed).toMatchObject({
    message: `chain.jsonl answered: eth_call of 0x18160ddd to ${account(0x7a)} at block 3 was not recorded (-32001).`,
    ...{ fault: 'answered', reverted: false, unsupported: false, unknownBlock: false },
  })
  const { message } = (await asked({ method: 'eth_getCode', params: ['0xab', { blockHash: '0xcd' }] })) as RpcError
  expect(message).toContain('eth_getCode of 0xab at block 0xcd was not recorded')
  expect(await asked(whole(5))).toMatchObject({ message: expect.stringContaining('of 0x5 was not recorded') })
})

test('is asked in whatever order the keys of a question stand', async () => {
  const { text } = await recorded(spoken)
  const [{ to, data }, at] = callAt(4).params as [{ to: string; data: string }, unknown]
  expect(await played(text).request({ method: 'eth_call', params: [{ data, to }, at] })).toBe('0x0b')
})

test('keeps no more than it may, and says what to do', async () => {
  const { text } = await recorded(spoken)
  const enough = text.length + spoken.length * 200
  await recorded(spoken, createRecorder(span, enough))
  await expect(recorded(spoken, createRecorder(span, text.length / 2))).rejects.toMatchObject({
    ...{ name: 'KnownError', hints: [expect.stringContaining('fewer blocks')] },
  })
})

test('names a file that is none, the line that is wrong, and how much was cut off', async () => {
  const { text } = await recorded(spoken)
  const faultOf = (given: string) => {
    try {
      readRecording(given, 'chain.jsonl')
    } catch (error) {
      return (error as KnownError).message
    }
  }
  const lines = text.trimEnd().split('\n')
  expect(faultOf(text)).toBeUndefined()
  expect(faultOf(lines.slice(0, -1).join('\n'))).toBe('chain.jsonl should hold 5 lines of answers and holds 4.')
  expect(faultOf('')).toContain('chain.jsonl is no recording')
  expect(faultOf('{"kind":"finding"}\n')).toContain('is no recording')
  const wrong = {
    'no JSON': '{"method":"eth_call","par',
    'no answer': '{"method":"eth_call","params":[]}',
    'both answers': '{"method":"eth_call","params":[],"result":1,"error":{"code":1,"message":""}}',
    'blocks of a question about none': '{"method":"eth_call","params":[],"answers":[{"blocks":"1","result":1}]}',
    'a block left open': '{"method":"eth_call","params":["$block"],"result":1}',
    'blocks backwards': '{"method":"eth_call","params":["$block"],"answers":[{"blocks":"9-2","result":1}]}',
    'a key too many': '{"method":"eth_call","params":[],"result":1,"more":1}',
    'too deep': `{"method":"eth_call","params":[${'['.repeat(5_000)}${']'.repeat(5_000)}],"result":1}`,
  }
  for (const [what, line] of Object.entries(wrong)) {
    expect([what, faultOf(lines.with(3, line).join('\n'))]).toEqual([
      what,
      'Line 4 of chain.jsonl is no question with its answer.',
    ])
  }
})

test('takes whatever a file may hold for nothing worse than a file that is wrong', async () => {
  const { text } = await recorded(spoken)
  const spoilt = fc
    .tuple(fc.nat(text.length), fc.nat(300), fc.oneof(fc.string(), fc.json(), fc.constant('999999999999-1')))
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length))
  await fc.assert(
    fc.asyncProperty(fc.oneof(spoilt, fc.string(), fc.json()), async (given) => {
      try {
        const recording = readRecording(given, 'chain.jsonl')
        await recordedTransport(recording).send({ jsonrpc: '2.0', id: 1, ...callAt(3) }, new AbortController().signal)
      } catch (error) {
        if (!(error instanceof KnownError)) throw error
      }
    }),
    { numRuns: 300 },
  )
})
