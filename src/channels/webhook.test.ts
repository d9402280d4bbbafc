import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import type { Message, MessageKind } from '../model/message.ts'
import { Secret } from '../model/secret.ts'
import { webhook } from './webhook.ts'

const key = Buffer.from('a key of thirty-two bytes, indeed')
let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver({ status: 204 })
})
afterEach(() => receiver.close())

async function sent(message: Message, more: object = {}) {
  const options = webhook.options.parse({
    url: new Secret(`${receiver.url}/hook`, 'env:URL'),
    signingSecret: new Secret(`whsec_${key.toString('base64')}`, 'env:KEY'),
    allowPrivateAddress: true,
    ...more,
  })
  await webhook.send({ message, options, signal: new AbortController().signal })
  return receiver.requests.at(-1)!
}

describe('webhook', () => {
  test('posts a CloudEvent', async () => {
    const { path, headers, body } = await sent(sampleMessage)
    expect(path).toBe('/hook')
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(headers['webhook-id']).toBe('msg-0001')
    expect(body).toMatchInlineSnapshot(
      `"{"specversion":"1.0","type":"dev.tocsin.alert.firing.v1","id":"msg-0001","source":"/tocsin","subject":"alert-77","time":"2026-08-01T12:00:05.000Z","datacontenttype":"application/json","data":{"id":"msg-0001","kind":"firing","severity":"high","title":"High: 1,200,000 USDC left vault in one transaction","sentences":["A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held.","It was seen at the head of the chain, so a reorg may still take it away."],"advice":"Ask the signers on a second channel. If nobody knows of it, run the playbook \\"pause-vault\\".","facts":[{"name":"receiver","value":"0x000000000000000000000000000000000000dEaD"},{"name":"amount","value":"1,200,000 USDC"}],"links":[{"title":"Transaction","url":"https://etherscan.io/tx/0xabc?a=1&b=2"},{"title":"Console","url":"https://tocsin.acme.example/alerts/alert-77"}],"at":"2026-08-01T12:00:05.000Z","alert":{"id":"alert-77","key":"drain:vault","state":"firing","stage":"provisional","monitor":"drain","detector":"outflow-cap","chain":{"id":1,"name":"mainnet"},"contract":{"name":"vault","address":"0x00000000000000000000000000000000000000aa"},"findings":1,"blockNumber":20000000,"transactionHash":"0x00000000000000000000000000000000000000000000000000000000000000ab"}}}"`,
    )
    expect(JSON.parse(body).data).toEqual(sampleMessage)
  })

  test('signs what it sends, as a receiver can check with a few lines', async () => {
    const { headers, body } = await sent(sampleMessage)
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    expect(signature).toBe(`v1,${expected}`)
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60)
  })

  test('signs with a raw secret too', async () => {
    const raw = 'grüße, a raw secret of some length'
    const { headers, body } = await sent(sampleMessage, { signingSecret: new Secret(raw, 'env:KEY') })
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', raw).update(signed).digest('base64')}`)
  })

  test.each(['hunter2', 'whsec_aHVudGVyMg=='])('takes no signing secret that can be guessed: %s', (value) => {
    const parsed = webhook.options.safeParse({
      url: new Secret('https://a.example', 'env:URL'),
      signingSecret: new Secret(value, 'env:KEY'),
    })
    expect(parsed.error?.issues).toMatchObject([{ message: 'the secret is shorter than 24 bytes' }])
    expect(JSON.stringify(parsed.error)).not.toContain(value)
  })

  test('adds a header, but lets it replace none of its own', async () => {
    const more = (name: string) => ({ header: { name, value: new Secret('Bearer x', 'env:TOKEN') } })
    expect((await sent(sampleMessage, more('Authorization'))).headers.authorization).toBe('Bearer x')
    expect((await sent(sampleMessage, more('Webhook-Id'))).headers['webhook-id']).toBe('msg-0001')
    expect((await sent(sampleMessage, more('Content-Length'))).body).toContain('specversion')
  })

  test.each<MessageKind>(['firing', 'updated', 'acknowledged', 'resolved', 'retracted', 'test'])(
    'has a type for %s',
    async (kind) => {
      const { alert: _, ...rest } = sampleMessage
      const event = JSON.parse((await sent({ ...rest, kind })).body)
      expect(event.type).toBe(`dev.tocsin.alert.${kind}.v1`)
      expect(event).not.toHaveProperty('subject')
    },
  )

  test('bounds what is too long and cleans what is hostile', async () => {
    const { body } = await sent(hugeMessage)
    expect(Buffer.byteLength(body)).toBeLessThan(150_000)
    const { data } = JSON.parse(body)
    expect(data.title).toHaveLength(300)
    expect(data.facts).toHaveLength(65)
    expect(data.facts.at(-1)).toEqual({ name: 'Not shown', value: '36 more facts' })
    expect(JSON.parse((await sent(hostileMessage)).body).data).toMatchInlineSnapshot(`
      {
        "advice": "<!here> @here &amp; </code>[U+0000]",
        "alert": {
          "blockNumber": 20000000,
          "chain": {
            "id": 1,
            "name": "mainnet",
          },
          "contract": {
            "address": "0x00000000000000000000000000000000000000aa",
            "name": "vault",
          },
          "detector": "outflow-cap",
          "findings": 1,
          "id": "alert-77",
          "key": "drain:vault",
          "monitor": "drain",
          "stage": "provisional",
          "state": "firing",
          "transactionHash": "0x00000000000000000000000000000000000000000000000000000000000000ab",
        },
        "at": "2026-08-01T12:00:05.000Z",
        "facts": [
          {
            "name": "<@everyone>",
            "value": "\`||</code><b>\`",
          },
          {
            "name": "–",
            "value": "–",
          },
        ],
        "id": "msg-0001",
        "kind": "firing",
        "links": [
          {
            "title": "a](https[:]//evil[.]example)|<x>",
            "url": "https://a.example/x%29%7cy%3E%22%27%3Cz?q=%281%29",
          },
        ],
        "sentences": [
          "Claim at https[:]//evil[.]example/claim or [here](https[:]//evil[.]example) *now* \`x\` & "y" <a href="tg[:]//x">z</a>.",
        ],
        "severity": "high",
        "title": "High: @everyone <!channel> <@U1> </b><script>alert(1)</script> [U+202E]gnp.exe Bcc: x@evil.example",
      }
    `)
  })
})
