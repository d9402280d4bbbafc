import { z } from 'zod'
import { escapeHtml } from '../lib/escapeHtml.ts'
import { truncate } from '../lib/truncate.ts'
import { defineChannel } from '../model/channel.ts'
import type { Message } from '../model/message.ts'
import { secret } from '../model/secret.ts'
import { contextLine } from './contextLine.ts'
import { allowPrivateAddress, apiUrl } from './httpOptions.ts'
import { postJson } from './postJson.ts'
import { moreFacts, readableMessage } from './readableMessage.ts'

/** Telegram's own limit, in UTF-16 units without the tags: https://core.telegram.org/bots/api#sendmessage */
const messageMax = 4096
/** Our shares of it; links and small print take at most another 1000, facts what is left. */
const titleMax = 256
const storyMax = 1400
const adviceMax = 800

const options = z.strictObject({
  token: secret().describe('Token of the bot, from @BotFather.'),
  chat: z
    .union([z.int(), z.string().regex(/^(-?\d{1,20}|@\w{1,64})$/)])
    .describe('Number of the chat, or `@name` of a public channel.'),
  topic: z.int().positive().optional().describe('Number of the topic, in a group with topics.'),
  api: apiUrl('https://api.telegram.org'),
  allowPrivateAddress,
})

export const telegram = defineChannel({
  id: 'telegram',
  title: 'Telegram',
  manual:
    'Writes to one Telegram chat as a bot: title, what happened, what to do, facts to copy with a tap, links. Make a ' +
    'bot with @BotFather, add it to the chat, and put its token into a secret.',
  options,
  perMinute: 20,
  async send({ message, options, signal }) {
    const token = options.token.reveal()
    await postJson({
      service: 'Telegram',
      url: `${options.api.replace(/\/+$/, '')}/bot${encodeURIComponent(token).replaceAll('%3A', ':')}/sendMessage`,
      body: JSON.stringify({
        chat_id: options.chat,
        ...(options.topic ? { message_thread_id: options.topic } : {}),
        text: layOut(readableMessage(message)),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      }),
      secrets: [token],
      accepts: ({ body }) => /^\{\s*"ok"\s*:\s*true\b/.test(body.toString()),
      allowPrivate: options.allowPrivateAddress,
      signal,
    })
  },
})

/** A paragraph: what it shows, and how long that is once Telegram has taken the tags away. */
type Piece = { html: string; length: number }

function layOut(message: Message): string {
  const { title, sentences, advice, facts, links } = message
  const before = [
    piece(truncate(title, titleMax), 'b'),
    piece(truncate(sentences.join(' '), storyMax)),
    join([piece(advice && 'What to do:', 'b'), piece(truncate(advice, adviceMax))], ' '),
  ]
  const after = [join(links.map(link), ' · '), piece(contextLine(message), 'i')]
  const room = messageMax - join([...before, ...after], '\n\n').length - 2
  return join([...before, factsWithin(facts, room), ...after], '\n\n').html
}

/** As many facts as fit; the last line says how many did not. */
function factsWithin(facts: Message['facts'], room: number): Piece {
  let shown = facts
  for (let count = facts.length - 1; count >= 0; count--) {
    const lines = join(shown.map(fact), '\n')
    if (lines.length <= room) return lines
    shown = [...facts.slice(0, count), moreFacts(facts.length - count)]
  }
  return piece('')
}

function fact({ name, value }: Message['facts'][number]): Piece {
  return join([piece(`${name}:`), piece(value, 'code')], ' ')
}

function link({ title, url }: Message['links'][number]): Piece {
  return { html: `<a href="${escapeHtml(url)}">${escapeHtml(title)}</a>`, length: title.length }
}

function piece(text: string, tag?: 'b' | 'i' | 'code'): Piece {
  const html = escapeHtml(text)
  return { html: tag && text ? `<${tag}>${html}</${tag}>` : html, length: text.length }
}

function join(pieces: Piece[], separator: string): Piece {
  const full = pieces.filter(({ length }) => length > 0)
  return {
    html: full.map(({ html }) => html).join(separator),
    length: full.reduce((sum, { length }) => sum + length, Math.max(0, full.length - 1) * separator.length),
  }
}
