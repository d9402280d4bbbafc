import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import type { Message } from '../model/message.ts'
import { Secret } from '../model/secret.ts'
import { severities } from '../model/severity.ts'
import { pagerduty } from './pagerduty.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver({ status: 202, body: '{"status":"success"}' })
})
afterEach(() => receiver.close())

async function sent(message: Message) {
  const options = pagerduty.options.parse({
    routingKey: new Secret('R0UT1NG', 'env:PD'),
    api: receiver.url,
    allowPrivateAddress: true,
  })
  await pagerduty.send({ message, options, signal: new AbortController().signal })
  const request = receiver.requests.at(-1)!
  return { ...request, json: JSON.parse(request.body) }
}

describe('pagerduty', () => {
  test('opens an incident', async () => {
    const { path, json } = await sent(sampleMessage)
    expect(path).toBe('/v2/enqueue')
    expect(json).toMatchInlineSnapshot(`
      {
        "client": "Tocsin",
        "client_url": "https://tocsin.acme.example/alerts/alert-77",
        "dedup_key": "alert-77",
        "event_action": "trigger",
        "links": [
          {
            "href": "https://etherscan.io/tx/0xabc?a=1&b=2",
            "text": "Transaction",
          },
          {
            "href": "https://tocsin.acme.example/alerts/alert-77",
            "text": "Console",
          },
        ],
        "payload": {
          "class": "outflow-cap",
          "component": "vault",
          "custom_details": {
            "Facts": [
              "receiver: 0x000000000000000000000000000000000000dEaD",
              "amount: 1,200,000 USDC",
            ],
            "What happened": "A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held. It was seen at the head of the chain, so a reorg may still take it away.",
            "What to do": "Ask the signers on a second channel. If nobody knows of it, run the playbook "pause-vault".",
          },
          "group": "drain",
          "severity": "error",
          "source": "vault (0x00000000000000000000000000000000000000aa) on mainnet",
          "summary": "High: 1,200,000 USDC left vault in one transaction",
          "timestamp": "2026-08-01T12:00:05.000Z",
        },
        "routing_key": "R0UT1NG",
      }
    `)
  })

  test.each([
    ['updated', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
    ['retracted', 'resolve'],
  ] as const)('%s means %s, for the same incident', async (kind, action) => {
    expect((await sent({ ...sampleMessage, kind })).json).toMatchObject({ event_action: action, dedup_key: 'alert-77' })
  })

  test('says no more than the end of an incident where it ends', async () => {
    expect((await sent({ ...sampleMessage, kind: 'resolved' })).json).toEqual({
      routing_key: 'R0UT1NG',
      event_action: 'resolve',
      dedup_key: 'alert-77',
    })
  })

  test('knows a message without an alert by its id', async () => {
    const { alert: _, ...rest } = sampleMessage
    expect((await sent({ ...rest, kind: 'test' })).json).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'msg-0001',
      payload: { source: 'Tocsin' },
    })
  })

  test('speaks the severities of PagerDuty', async () => {
    const spoken: string[] = []
    for (const severity of severities) spoken.push((await sent({ ...sampleMessage, severity })).json.payload.severity)
    expect(spoken).toEqual(['info', 'info', 'warning', 'error', 'critical'])
  })

  test('takes only its own yes for a yes', async () => {
    receiver.reply = { status: 200, body: 'a captive portal' }
    await expect(sent(sampleMessage)).rejects.toMatchObject({ retryable: false })
    receiver.reply = { status: 200, body: '{"status":"success"}' }
    await expect(sent(sampleMessage)).resolves.toBeDefined()
  })

  test('keeps the limits of PagerDuty, and cleans what is hostile', async () => {
    const { body, json } = await sent(hugeMessage)
    expect(json.payload.summary.length).toBeLessThanOrEqual(1024)
    expect(Buffer.byteLength(body)).toBeLessThan(512 * 1024)
    expect((await sent(hostileMessage)).json).toMatchInlineSnapshot(`
      {
        "client": "Tocsin",
        "dedup_key": "alert-77",
        "event_action": "trigger",
        "links": [
          {
            "href": "https://a.example/x%29%7cy%3E%22%27%3Cz?q=%281%29",
            "text": "a](https[:]//evil[.]example)|<x>",
          },
        ],
        "payload": {
          "class": "outflow-cap",
          "component": "vault",
          "custom_details": {
            "Facts": [
              "<@everyone>: \`||</code><b>\`",
              "–: –",
            ],
            "What happened": "Claim at https[:]//evil[.]example/claim or [here](https[:]//evil[.]example) *now* \`x\` & "y" <a href="tg[:]//x">z</a>.",
            "What to do": "<!here> @here &amp; </code>[U+0000]",
          },
          "group": "drain",
          "severity": "error",
          "source": "vault (0x00000000000000000000000000000000000000aa) on mainnet",
          "summary": "High: @everyone <!channel> <@U1> </b><script>alert(1)</script> [U+202E]gnp.exe Bcc: x@evil.example",
          "timestamp": "2026-08-01T12:00:05.000Z",
        },
        "routing_key": "R0UT1NG",
      }
    `)
  })
})
