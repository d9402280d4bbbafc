import { z } from 'zod'
import { truncate } from '../lib/truncate.ts'
import { defineChannel } from '../model/channel.ts'
import type { Message } from '../model/message.ts'
import { contextLine } from './contextLine.ts'
import { escapeWithin } from './escapeWithin.ts'
import { allowPrivateAddress, secretUrl } from './httpOptions.ts'
import { joinWithin } from './joinWithin.ts'
import { postJson } from './postJson.ts'
import { moreFacts, readableMessage } from './readableMessage.ts'

/** Slack's own limits, in characters: https://docs.slack.dev/reference/block-kit/blocks */
const headerMax = 150
const sectionMax = 3000
const fieldsMax = 10
/** Ours: nobody reads more on a telephone, and 50 blocks are all that Slack takes. */
const factsMax = 30

export const slack = defineChannel({
  id: 'slack',
  title: 'Slack',
  manual:
    'Writes to one Slack channel: a heading, what happened, what to do, the facts in two columns, links. Make an app ' +
    'with an incoming webhook (https://api.slack.com/messaging/webhooks) and put its URL into a secret. Mattermost ' +
    'takes the same messages.',
  options: z.strictObject({ url: secretUrl().describe('URL of the incoming webhook.'), allowPrivateAddress }),
  perMinute: 60,
  async send({ message, options, signal }) {
    await postJson({
      service: 'Slack',
      url: options.url.reveal(),
      body: JSON.stringify(layOut(readableMessage(message))),
      // Slack has words of refusal that come with the status 200. The webhook of a workflow says {"ok":true}.
      accepts: ({ body }) => /^(ok|\{\s*"ok"\s*:\s*true\b.*)$/s.test(body.toString().trim()),
      allowPrivate: options.allowPrivateAddress,
      signal,
    })
  },
})

function layOut(message: Message) {
  const { title, sentences, advice, links } = message
  return {
    text: escapeWithin(title, sectionMax, escapeMrkdwn),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: truncate(title, headerMax), emoji: false } },
      ...section(escapeWithin(sentences.join(' '), sectionMax, escapeMrkdwn)),
      ...section(advice && `*What to do:* ${escapeWithin(advice, sectionMax - 20, escapeMrkdwn)}`),
      ...factSections(message),
      ...section(
        joinWithin(
          links.map(({ title, url }) => `<${escapeMrkdwn(url)}|${escapeMrkdwn(title)}>`),
          sectionMax,
        ),
      ),
      { type: 'context', elements: [markdown(escapeMrkdwn(contextLine(message)))] },
    ],
  }
}

function section(text: string) {
  return text ? [{ type: 'section', text: markdown(text) }] : []
}

function factSections({ facts }: Message) {
  const shown =
    facts.length > factsMax ? [...facts.slice(0, factsMax - 1), moreFacts(facts.length - factsMax + 1)] : facts
  const fields = shown.map(({ name, value }) => markdown(`*${escapeMrkdwn(name)}*\n${escapeMrkdwn(value)}`))
  return Array.from({ length: Math.ceil(fields.length / fieldsMax) }, (_, index) => ({
    type: 'section',
    fields: fields.slice(index * fieldsMax, (index + 1) * fieldsMax),
  }))
}

/** `verbatim`: Slack must not look for names, channels and addresses in it. */
function markdown(text: string) {
  return { type: 'mrkdwn', text, verbatim: true }
}

function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
