import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import type { Message } from '../model/message.ts'
import { Secret } from '../model/secret.ts'
import { slack } from './slack.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

async function sent(message: Message) {
  const url = new Secret(`${receiver.url}/services/T/B/x`, 'env:SLACK_URL')
  const options = slack.options.parse({ url, allowPrivateAddress: true })
  await slack.send({ message, options, signal: new AbortController().signal })
  return receiver.requests.at(-1)!
}

describe('slack', () => {
  test('lays a message out', async () => {
    const { path, headers, body } = await sent(sampleMessage)
    expect(path).toBe('/services/T/B/x')
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(body)).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "High: 1,200,000 USDC left vault in one transaction",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held. It was seen at the head of the chain, so a reorg may still take it away.",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "text": {
              "text": "*What to do:* Ask the signers on a second channel. If nobody knows of it, run the playbook "pause-vault".",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "fields": [
              {
                "text": "*receiver*
      0x000000000000000000000000000000000000dEaD",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "text": "*amount*
      1,200,000 USDC",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "section",
          },
          {
            "text": {
              "text": "<https://etherscan.io/tx/0xabc?a=1&amp;b=2|Transaction> · <https://tocsin.acme.example/alerts/alert-77|Console>",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "elements": [
              {
                "text": "severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "context",
          },
        ],
        "text": "High: 1,200,000 USDC left vault in one transaction",
        "unfurl_links": false,
        "unfurl_media": false,
      }
    `)
  })

  test('says little where there is little to say', async () => {
    const { alert: _, ...rest } = sampleMessage
    const message: Message = { ...rest, kind: 'test', sentences: [], advice: '', facts: [], links: [] }
    const { blocks } = JSON.parse((await sent(message)).body)
    expect(blocks.map(({ type }: { type: string }) => type)).toEqual(['header', 'context'])
  })

  test('keeps the limits of Slack', async () => {
    const { text, blocks } = JSON.parse((await sent(hugeMessage)).body)
    expect(text.length).toBeLessThanOrEqual(3000)
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(blocks[0].text.text).toHaveLength(150)
    for (const block of blocks) {
      if (block.type === 'section' && block.text) expect(block.text.text.length).toBeLessThanOrEqual(3000)
      if (block.fields) expect(block.fields.length).toBeLessThanOrEqual(10)
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000)
    }
    expect(JSON.stringify(blocks)).toContain('36 more facts')
    // No escape is cut in two.
    expect(blocks[1].text.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&')
  })

  test('lets hostile text neither mention, nor link, nor leave its place', async () => {
    const { body } = await sent(hostileMessage)
    expect(JSON.parse(body)).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "High: @everyone <!channel> <@U1> </b><script>alert(1)</script> [U+202E]gnp.exe Bcc: x@evil.example",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "Claim at https[:]//evil[.]example/claim or [here](https[:]//evil[.]example) *now* \`x\` &amp; "y" &lt;a href="tg[:]//x"&gt;z&lt;/a&gt;.",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "text": {
              "text": "*What to do:* &lt;!here&gt; @here &amp;amp; &lt;/code&gt;[U+0000]",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "fields": [
              {
                "text": "*&lt;@everyone&gt;*
      \`||&lt;/code&gt;&lt;b&gt;\`",
                "type": "mrkdwn",
                "verbatim": true,
              },
              {
                "text": "*–*
      –",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "section",
          },
          {
            "text": {
              "text": "<https://a.example/x%29%7cy%3E%22%27%3Cz?q=%281%29|a](https[:]//evil[.]example)|&lt;x&gt;>",
              "type": "mrkdwn",
              "verbatim": true,
            },
            "type": "section",
          },
          {
            "elements": [
              {
                "text": "severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC",
                "type": "mrkdwn",
                "verbatim": true,
              },
            ],
            "type": "context",
          },
        ],
        "text": "High: @everyone &lt;!channel&gt; &lt;@U1&gt; &lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt; [U+202E]gnp.exe Bcc: x@evil.example",
        "unfurl_links": false,
        "unfurl_media": false,
      }
    `)
    const markup = [...body.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    expect(markup.filter((tag) => !tag.startsWith('<https://a.example/'))).toEqual(
      // The heading is plain text, which Slack does not interpret.
      ['<!channel>', '<@U1>', '</b>', '<script>', '</script>'],
    )
  })

  test.each(['invalid_payload', '<html>a captive portal</html>', ''])(
    'takes a 200 that says "%s" for a refusal',
    async (body) => {
      receiver.reply = { status: 200, body }
      const error = await sent(sampleMessage).catch((caught) => caught)
      expect(error).toMatchObject({ name: 'DeliveryError', retryable: false })
      expect(error.message).toBe(body ? `Slack answered 200: ${body}` : 'Slack answered 200.')
    },
  )

  test('takes the answer of a workflow for a yes', async () => {
    receiver.reply = { status: 200, body: '{"ok":true}' }
    await expect(sent(sampleMessage)).resolves.toBeDefined()
  })
})
