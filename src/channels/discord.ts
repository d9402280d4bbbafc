import { z } from 'zod'
import { defineChannel } from '../model/channel.ts'
import type { Message } from '../model/message.ts'
import type { Severity } from '../model/severity.ts'
import { contextLine } from './contextLine.ts'
import { escapeWithin } from './escapeWithin.ts'
import { allowPrivateAddress, secretUrl } from './httpOptions.ts'
import { joinWithin } from './joinWithin.ts'
import { postJson } from './postJson.ts'
import { moreFacts, readableMessage } from './readableMessage.ts'

/** Discord's own limits, in characters: https://discord.com/developers/docs/resources/message#embed-object */
const titleMax = 256
const fieldsMax = 25
const embedMax = 6000
/** Our shares of the 4096 characters that a description takes. */
const storyMax = 1800
const adviceMax = 1000
const linksMax = 1200

const colours: Record<Severity, number> = {
  info: 0x8a8f98,
  low: 0x3b82c4,
  medium: 0xe0a100,
  high: 0xe0561b,
  critical: 0xb3001b,
}

export const discord = defineChannel({
  id: 'discord',
  title: 'Discord',
  manual:
    'Writes to one Discord channel: an embed with what happened, what to do, links, and the facts as fields. It ' +
    'mentions nobody, whatever the text says. Make a webhook in the settings of the channel (Integrations) and put its ' +
    'URL into a secret; add `?thread_id=…` to write into a thread.',
  options: z.strictObject({ url: secretUrl().describe('URL of the webhook.'), allowPrivateAddress }),
  perMinute: 30,
  async send({ message, options, signal }) {
    const url = new URL(options.url.reveal())
    // Without it Discord says yes before it has looked at the message.
    url.searchParams.set('wait', 'true')
    const body = JSON.stringify({ embeds: [layOut(readableMessage(message))], allowed_mentions: { parse: [] } })
    await postJson({ service: 'Discord', url: url.href, body, allowPrivate: options.allowPrivateAddress, signal })
  },
})

function layOut(message: Message) {
  const title = escapeWithin(message.title, titleMax, escapeMarkdown)
  const description = [
    escapeWithin(message.sentences.join(' '), storyMax, escapeMarkdown),
    message.advice && `**What to do:** ${escapeWithin(message.advice, adviceMax, escapeMarkdown)}`,
    joinWithin(
      message.links.map(({ title, url }) => `[${escapeMarkdown(title)}](${url})`),
      linksMax,
    ),
  ]
    .filter(Boolean)
    .join('\n\n')
  const footer = contextLine(message)
  const room = embedMax - title.length - description.length - footer.length
  return {
    title,
    description,
    color: colours[message.severity],
    fields: fieldsWithin(message.facts, room),
    footer: { text: footer },
  }
}

/** As many facts as fit; the last field says how many did not. */
function fieldsWithin(facts: Message['facts'], room: number) {
  const fields = facts.map(field)
  const length = (list: typeof fields) => list.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  let count = Math.min(fields.length, fieldsMax)
  const shown = () =>
    count < fields.length ? [...fields.slice(0, count - 1), field(moreFacts(fields.length - count + 1))] : fields
  while (length(shown()) > room) count--
  return shown()
}

function field({ name, value }: Message['facts'][number]) {
  return { name: escapeMarkdown(name), value: escapeMarkdown(value), inline: true }
}

/** Takes the meaning from Markdown and from mentions (`<@1>`). */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_~`|<>#[\]]/g, '\\$&')
}
