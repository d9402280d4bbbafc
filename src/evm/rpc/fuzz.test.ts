import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect } from 'vitest'
import { fuzz } from '../../../test/harness/fuzz.ts'
import { mutations } from '../../../test/harness/hostileJson.ts'
import { acceptWebSocket } from '../../../test/harness/node/webSocket.ts'
import { createProvider, type Provider } from './provider.ts'
import { RpcError } from './rpcError.ts'
import type { RpcRequest } from './transport.ts'

/**
 * What is said next under each path, into which the ids of the questions are put. Each run has a path of its own: one
 * that the time limit interrupts goes on beside the next test.
 */
const sayings = new Map<string, string>()
let runs = 0
let server: Server
let port = 0

const answerTo = (path: string | undefined, asked: string): string => {
  const ids = ([JSON.parse(asked)] as (RpcRequest | RpcRequest[])[]).flat().map(({ id }) => id)
  return (sayings.get(path ?? '') ?? honest).replace(/"@id (\d)@"/g, (_, place: string) =>
    String(ids[Number(place)] ?? 7),
  )
}

beforeAll(async () => {
  server = createServer(async (request, response) => void response.end(answerTo(request.url, await text(request))))
  server.on('upgrade', (request, stream, head) => {
    const socket = acceptWebSocket(request, stream, head)
    socket?.onText((asked) => {
      socket.send(answerTo(request.url, asked))
      // Nothing more will come: without an answer, waiting ends here.
      if (sayings.has(request.url ?? '')) socket.close()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const answer = (place: number, value: object) => ({ jsonrpc: '2.0', id: `@id ${place}@`, ...value })
const failure = (code: number, message: string, data?: string) => ({ error: { code, message, data } })
const single = [
  answer(0, { result: '0x1' }),
  answer(0, failure(3, 'execution reverted', '0x08c379a0')),
  answer(0, failure(-32601, 'method not found')),
  answer(0, failure(-32005, 'too many requests')),
]
const batches = [
  single.slice(0, 2).map((each, place) => ({ ...each, id: `@id ${place}@` })),
  [answer(1, { result: '0x' }), answer(0, { result: null })],
  { ...answer(0, failure(-32600, 'no batches')), id: null },
]

const honest = JSON.stringify(single[0])

/** Whatever is said: a value, or an RpcError with a message of some length. */
async function survives(asked: Promise<unknown>): Promise<void> {
  try {
    await asked
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    expect(error.message.length).toBeLessThan(1000)
  }
}

async function ask(provider: Provider): Promise<void> {
  await survives(provider.request({ method: 'eth_blockNumber', params: [] }))
  const call = { method: 'eth_call', params: [] }
  const given = provider.batch([call, call]).then((answers) => {
    expect(answers.every(({ ok }, place) => answers.length === 2 && (ok || place < 2))).toBe(true)
  })
  await survives(given)
  expect(JSON.stringify(provider.health.status()).length).toBeLessThan(2000)
}

for (const scheme of ['http', 'ws']) {
  fuzz(
    `a provider over ${scheme} gives an answer or an RpcError`,
    3,
    mutations([...single, ...batches]),
    async (said) => {
      const path = `/${++runs}`
      const provider = createProvider({ url: `${scheme}://127.0.0.1:${port}${path}`, chainId: 1, timeoutMs: 5000 })
      await provider.request({ method: 'eth_blockNumber', params: [] })
      sayings.set(path, said)
      await ask(provider)
      provider.close()
      sayings.delete(path)
    },
  )
}
