import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { acceptWebSocket } from '../../../test/harness/node/webSocket.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import type { ChainClient } from './chainClient.ts'
import type { RpcRequest } from './transport.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Speaker = (request: RpcRequest, say: (message: object) => void) => unknown
const error = (message: string) => ({ error: { code: -32602, message } })

/** A provider of a chain by WebSocket that answers subscriptions as it is told. */
async function startSpeaker(subscribe: Speaker, chainId = '0x1') {
  const drops: (() => void)[] = []
  const asked: unknown[][] = []
  const server = createServer().on('upgrade', (upgrade, stream, head) => {
    const socket = acceptWebSocket(upgrade, stream, head)
    drops.push(() => socket?.destroy())
    const say = (message: object) => socket?.send(JSON.stringify({ jsonrpc: '2.0', ...message }))
    socket?.onText((text) => {
      const request = JSON.parse(text) as RpcRequest
      if (request.method === 'eth_chainId') return say({ id: request.id, result: chainId })
      asked.push([...request.params])
      const answer = subscribe(request, (result) => say({ method: 'eth_subscription', params: { result } }))
      say({ id: request.id, ...(answer as object) })
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client: ChainClient = openTestClient(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key-123`)
  closing.push(
    () => client.close(),
    () => server.close(),
  )
  const [told, answers]: [unknown[], (string | null)[]] = [[], []]
  const listen = () =>
    client.onPending(() => ({ told: (notice) => told.push(notice), answered: (reason) => answers.push(reason) }))
  const drop = () => {
    for (const each of drops.splice(0)) each()
  }
  return { listen, told, answers, asked, drop }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const whole = { hash: `0x${'1'.repeat(64)}`, from: `0x${'2'.repeat(40)}` }

test('a provider tells whole transactions where it can', async () => {
  const { listen, told, answers, asked } = await startSpeaker((_, say) => {
    setImmediate(() => say(whole))
    return { result: '0x1' }
  })
  expect(listen()).toBe(1)
  await until(() => told.length > 0)
  expect([told, answers, asked]).toEqual([[whole], [null], [['newPendingTransactions', true]]])
})

test('and their hashes where it refuses more', async () => {
  const { listen, told, answers, asked } = await startSpeaker(({ params }, say) => {
    if (params.length > 1) return error('too many arguments')
    setImmediate(() => say(whole.hash as unknown as object))
    return { result: '0x1' }
  })
  listen()
  await until(() => told.length > 0)
  expect([told, answers]).toEqual([[whole.hash], [null]])
  expect(asked).toEqual([['newPendingTransactions', true], ['newPendingTransactions']])
})

test('says why it tells none, without the secrets of its URL', async () => {
  const { listen, told, answers } = await startSpeaker(() => error('not for secret-key-123'))
  listen()
  await until(() => answers.length > 0)
  expect(told).toEqual([])
  expect(answers[0]).toMatch(/^not for /)
  expect(answers[0]).not.toContain('secret-key-123')
})

test('is not listened to where it serves another chain', async () => {
  const { listen, answers, asked } = await startSpeaker(() => ({ result: '0x1' }), '0x2')
  listen()
  await until(() => answers.length > 0)
  expect([asked, answers]).toEqual([[], [expect.stringMatching(/serves chain 2, not chain 1/)]])
})

test('is listened to again after its socket was lost, though nobody asks it for anything', async () => {
  const { listen, answers, asked, drop } = await startSpeaker(() => ({ result: '0x1' }))
  listen()
  await until(() => answers.length === 1)
  drop()
  await until(() => answers.length === 2)
  expect(asked).toHaveLength(2)
})
