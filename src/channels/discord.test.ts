import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import type { Message } from '../model/message.ts'
import { Secret } from '../model/secret.ts'
import { discord } from './discord.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver({ status: 200, body: '{"id":"1"}' })
})
afterEach(() => receiver.close())

async function sent(message: Message) {
  const url = new Secret(`${receiver.url}/api/webhooks/1/x?thread_id=2`, 'env:DISCORD_URL')
  const options = discord.options.parse({ url, allowPrivateAddress: true })
  await discord.send({ message, options, signal: new AbortController().signal })
  const request = receiver.requests.at(-1)!
  return { ...request, json: JSON.parse(request.body) }
}

type Embed = { title: string; description: string; footer: { text: string }; fields: { name: string; value: string }[] }

function lengthOf({ title, description, footer, fields }: Embed): number {
  const texts = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])]
  return texts.reduce((sum, { length }) => sum + length, 0)
}

describe('discord', () => {
  test('lays a message out', async () => {
    const { path, json } = await sent(sampleMessage)
    expect(path).toBe('/api/webhooks/1/x?thread_id=2&wait=true')
    expect(json).toMatchInlineSnapshot(`
      {
        "allowed_mentions": {
          "parse": [],
        },
        "embeds": [
          {
            "color": 14702107,
            "description": "A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held. It was seen at the head of the chain, so a reorg may still take it away.

      **What to do:** Ask the signers on a second channel. If nobody knows of it, run the playbook "pause-vault".

      [Transaction](https://etherscan.io/tx/0xabc?a=1&b=2) · [Console](https://tocsin.acme.example/alerts/alert-77)",
            "fields": [
              {
                "inline": true,
                "name": "receiver",
                "value": "0x000000000000000000000000000000000000dEaD",
              },
              {
                "inline": true,
                "name": "amount",
                "value": "1,200,000 USDC",
              },
            ],
            "footer": {
              "text": "severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC",
            },
            "title": "High: 1,200,000 USDC left vault in one transaction",
          },
        ],
      }
    `)
  })

  test('keeps the limits of Discord', async () => {
    const [embed] = (await sent(hugeMessage)).json.embeds
    expect(embed.title.length).toBeLessThanOrEqual(256)
    expect(embed.description.length).toBeLessThanOrEqual(4096)
    expect(embed.fields.length).toBeLessThanOrEqual(25)
    for (const { name, value } of embed.fields) {
      expect(name.length).toBeLessThanOrEqual(256)
      expect(value.length).toBeLessThanOrEqual(1024)
    }
    expect(lengthOf(embed)).toBeLessThanOrEqual(6000)
    expect(embed.fields.at(-1)).toMatchObject({ name: 'Not shown' })
  })

  test('shows as many facts as there is room for, and counts the others', async () => {
    const facts = Array.from({ length: 26 }, (_, index) => ({ name: `n${index}`, value: 'v' }))
    expect((await sent({ ...sampleMessage, facts: facts.slice(1) })).json.embeds[0].fields).toHaveLength(25)
    const [embed] = (await sent({ ...sampleMessage, facts })).json.embeds
    expect(embed.fields).toHaveLength(25)
    expect(embed.fields.at(-1)).toMatchObject({ value: '2 more facts' })
  })

  test('lets hostile text neither mention, nor link, nor style', async () => {
    expect((await sent(hostileMessage)).json).toMatchInlineSnapshot(`
      {
        "allowed_mentions": {
          "parse": [],
        },
        "embeds": [
          {
            "color": 14702107,
            "description": "Claim at https\\[:\\]//evil\\[.\\]example/claim or \\[here\\](https\\[:\\]//evil\\[.\\]example) \\*now\\* \\\`x\\\` & "y" \\<a href="tg\\[:\\]//x"\\>z\\</a\\>.

      **What to do:** \\<!here\\> @here &amp; \\</code\\>\\[U+0000\\]

      [a\\](https\\[:\\]//evil\\[.\\]example)\\|\\<x\\>](https://a.example/x%29%7cy%3E%22%27%3Cz?q=%281%29)",
            "fields": [
              {
                "inline": true,
                "name": "\\<@everyone\\>",
                "value": "\\\`\\|\\|\\</code\\>\\<b\\>\\\`",
              },
              {
                "inline": true,
                "name": "–",
                "value": "–",
              },
            ],
            "footer": {
              "text": "severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC",
            },
            "title": "High: @everyone \\<!channel\\> \\<@U1\\> \\</b\\>\\<script\\>alert(1)\\</script\\> \\[U+202E\\]gnp.exe Bcc: x@evil.example",
          },
        ],
      }
    `)
  })
})
