import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, type Reply, startReceiver } from '../../test/harness/startReceiver.ts'
import type { DeliveryError } from '../model/channel.ts'
import { Secret } from '../model/secret.ts'
import { channels } from './index.ts'

const token = 'hunter2-hunter2-hunter2-hunter2'
const secret = (value: string) => new Secret(value, 'env:TEST')

/** Options of the channels that speak HTTP, each with a secret that a careless server repeats. */
const httpOptions: Record<string, (url: string) => object> = {
  slack: (url) => ({ url: secret(`${url}/services/${token}`) }),
  discord: (url) => ({ url: secret(`${url}/api/webhooks/1/${token}`) }),
  webhook: (url) => ({
    url: secret(`${url}/hook?key=${token}`),
    signingSecret: secret('x'.repeat(24)),
    header: { name: 'Authorization', value: secret(token) },
  }),
  telegram: (url) => ({ token: secret(token), chat: -100, api: url }),
  pagerduty: (url) => ({ routingKey: secret(token), api: url }),
}

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver({ status: 202, body: '{"ok":true}' })
})
afterEach(() => receiver.close())

async function send(
  id: string,
  { allowPrivateAddress = true, signal = new AbortController().signal, url = receiver.url } = {},
) {
  const channel = channels.get(id)!
  const options = channel.options.parse({ ...httpOptions[id]!(url), allowPrivateAddress })
  await channel.send({ message: sampleMessage, options, signal })
}

async function failure(id: string, reply: Reply): Promise<DeliveryError> {
  receiver.reply = reply
  return send(id).then(
    () => expect.fail('the message was taken'),
    (error) => error,
  )
}

test('the list is complete, and every channel explains itself', () => {
  expect([...channels.keys()]).toEqual(['slack', 'discord', 'telegram', 'email', 'pagerduty', 'webhook'])
  for (const { title, manual, perMinute } of channels.values()) {
    expect(title).not.toBe('')
    expect(manual.length).toBeGreaterThan(50)
    expect(perMinute).toBeGreaterThan(0)
  }
})

describe.each(Object.keys(httpOptions))('%s', (id) => {
  test('is content with an answer that says yes', async () => {
    await send(id)
    expect(receiver.requests).toHaveLength(1)
    expect(receiver.requests[0]).toMatchObject({ method: 'POST' })
  })

  test('gives up where the service refuses, and says why in its words, without a secret', async () => {
    const body = `Cannot POST /services/${token} with ${token}\u202e`
    const error = await failure(id, { status: 403, body })
    expect(error).toMatchObject({ name: 'DeliveryError', retryable: false, code: 'forbidden', retryAfterMs: undefined })
    expect(error.message).toMatch(/ answered 403: Cannot POST .*\*\*\*.*\[U\+202E\]/)
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(token)
  })

  test.each([404, 410, 400, 422])('gives up at %i', async (status) => {
    expect(await failure(id, { status })).toMatchObject({ retryable: false })
  })

  test.each([408, 500, 502, 503])('may try again at %i', async (status) => {
    expect(await failure(id, { status })).toMatchObject({ retryable: true, code: 'unavailable' })
  })

  test('waits as long as a 429 asks for', async () => {
    expect(await failure(id, { status: 429, headers: { 'retry-after': '30' } })).toMatchObject({
      retryable: true,
      retryAfterMs: 30_000,
    })
  })

  test('follows no redirect', async () => {
    expect(await failure(id, { status: 307, headers: { location: receiver.url } })).toMatchObject({
      retryable: false,
      hints: ['Redirects are not followed: give the final URL.'],
    })
    expect(receiver.requests).toHaveLength(1)
  })

  test('does not read an endless refusal into the error', async () => {
    const error = await failure(id, { status: 400, body: 'no '.repeat(1_000_000) })
    expect(error.message.length).toBeLessThan(400)
  })

  test('contacts nobody inside unless that is meant', async () => {
    await expect(send(id, { allowPrivateAddress: false })).rejects.toMatchObject({ retryable: false })
    const https = receiver.url.replace('http:', 'https:')
    await expect(send(id, { allowPrivateAddress: false, url: https })).rejects.toMatchObject({
      name: 'DeliveryError',
      retryable: false,
      code: 'forbidden',
    })
    expect(receiver.requests).toEqual([])
  })

  test('may try again where nobody answers, or where it was told to stop', async () => {
    const { url } = receiver
    await expect(send(id, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'DeliveryError',
      retryable: true,
    })
    await receiver.close()
    const error = await send(id, { url }).catch((caught) => caught)
    expect(error).toMatchObject({ name: 'DeliveryError', retryable: true })
    expect(error.message).toContain('ECONNREFUSED')
    expect(error.message).not.toContain(token)
    receiver = await startReceiver()
  })

  test('takes a secret by reference only', () => {
    const { options } = channels.get(id)!
    const given = httpOptions[id]!('https://a.example')
    for (const [name, value] of Object.entries(given)) {
      if (value instanceof Secret) expect(options.safeParse({ ...given, [name]: value.reveal() }).success).toBe(false)
    }
    expect(options.safeParse({ ...given, typo: 1 }).success).toBe(false)
    expect(options.parse(given)).toMatchObject({ allowPrivateAddress: false })
  })
})
