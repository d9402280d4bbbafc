import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import type { Message } from '../model/message.ts'
import { Secret } from '../model/secret.ts'
import { telegram } from './telegram.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver({ status: 200, body: '{"ok":true}' })
})
afterEach(() => receiver.close())

async function sent(message: Message, more: object = {}) {
  const options = telegram.options.parse({
    token: new Secret('123:abc/../x', 'env:TOKEN'),
    chat: '-1001234567890',
    api: `${receiver.url}/`,
    allowPrivateAddress: true,
    ...more,
  })
  await telegram.send({ message, options, signal: new AbortController().signal })
  const request = receiver.requests.at(-1)!
  return { ...request, json: JSON.parse(request.body) }
}

/** What Telegram counts and shows; fails where a tag is open, crossed or unknown, or an entity is broken. */
function shown(html: string): string {
  const open: string[] = []
  const text = html.replaceAll(/<(\/?)(\w+)([^>]*)>/g, (_whole, closing, tag, attributes) => {
    expect(tag === 'a' && !closing ? /^ href="[^"<>]*"$/.test(attributes) : attributes === '').toBe(true)
    if (closing) expect(open.pop()).toBe(tag)
    else open.push(tag)
    expect(['b', 'i', 'code', 'a']).toContain(tag)
    return ''
  })
  expect(open).toEqual([])
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/)
  return text.replaceAll(/&[a-z0-9#]+;/g, '?')
}

describe('telegram', () => {
  test('lays a message out', async () => {
    const { path, json } = await sent(sampleMessage)
    expect(path).toBe('/bot123:abc%2F..%2Fx/sendMessage')
    expect(json).toMatchInlineSnapshot(`
      {
        "chat_id": "-1001234567890",
        "link_preview_options": {
          "is_disabled": true,
        },
        "parse_mode": "HTML",
        "text": "<b>High: 1,200,000 USDC left vault in one transaction</b>

      A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held. It was seen at the head of the chain, so a reorg may still take it away.

      <b>What to do:</b> Ask the signers on a second channel. If nobody knows of it, run the playbook &quot;pause-vault&quot;.

      receiver: <code>0x000000000000000000000000000000000000dEaD</code>
      amount: <code>1,200,000 USDC</code>

      <a href="https://etherscan.io/tx/0xabc?a=1&amp;b=2">Transaction</a> · <a href="https://tocsin.acme.example/alerts/alert-77">Console</a>

      <i>severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC</i>",
      }
    `)
    shown(json.text)
  })

  test('writes into a topic', async () => {
    expect((await sent(sampleMessage, { chat: -5, topic: 7 })).json).toMatchObject({
      chat_id: -5,
      message_thread_id: 7,
    })
  })

  test('keeps the limit of Telegram and breaks no tag', async () => {
    const text = shown((await sent(hugeMessage)).json.text)
    expect(text.length).toBeLessThanOrEqual(4096)
    expect(text.length).toBeGreaterThan(3700)
    expect(text).toMatch(/Not shown: \d+ more facts/)
    expect(text).toContain('monitor drain')
  })

  test('lets hostile text be text', async () => {
    const { text } = (await sent(hostileMessage)).json
    shown(text)
    expect(text).toMatchInlineSnapshot(`
      "<b>High: @everyone &lt;!channel&gt; &lt;@U1&gt; &lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt; [U+202E]gnp.exe Bcc: x@evil.example</b>

      Claim at https[:]//evil[.]example/claim or [here](https[:]//evil[.]example) *now* \`x\` &amp; &quot;y&quot; &lt;a href=&quot;tg[:]//x&quot;&gt;z&lt;/a&gt;.

      <b>What to do:</b> &lt;!here&gt; @here &amp;amp; &lt;/code&gt;[U+0000]

      &lt;@everyone&gt;: <code>\`||&lt;/code&gt;&lt;b&gt;\`</code>
      –: <code>–</code>

      <a href="https://a.example/x%29%7cy%3E%22%27%3Cz?q=%281%29">a](https[:]//evil[.]example)|&lt;x&gt;</a>

      <i>severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC</i>"
    `)
  })

  test('says what Telegram says', async () => {
    receiver.reply = { status: 400, body: '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}' }
    await expect(sent(sampleMessage)).rejects.toMatchObject({
      retryable: false,
      message: 'Telegram answered 400: Bad Request: chat not found',
    })
    receiver.reply = { status: 429, body: '{"ok":false,"description":"Too Many","parameters":{"retry_after":7}}' }
    await expect(sent(sampleMessage)).rejects.toMatchObject({ retryable: true, retryAfterMs: 7000 })
    receiver.reply = { status: 200, body: '{"ok":false,"description":"not so"}' }
    await expect(sent(sampleMessage)).rejects.toMatchObject({
      retryable: false,
      message: 'Telegram answered 200: not so',
    })
  })
})
