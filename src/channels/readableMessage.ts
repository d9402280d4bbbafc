import { plainText } from '../lib/plainText.ts'
import type { Message } from '../model/message.ts'

const sentencesMax = 12
const factsMax = 64
const linksMax = 8
/** A longer URL is left out: half of one leads nowhere. */
const urlMax = 1024

/**
 * The message as every channel starts from it: each text one readable line (see `plainText`), each list bounded, and
 * only links that a browser may follow. The advice comes from whoever runs Tocsin, so its links stay. What a service allows less of, its channel cuts further.
 */
export function readableMessage(message: Message): Message {
  const facts = message.facts.slice(0, factsMax)
  const left = message.facts.length - facts.length
  return {
    ...message,
    title: plainText(message.title, 300) || '(no title)',
    sentences: message.sentences
      .slice(0, sentencesMax)
      .map((sentence) => plainText(sentence, 1000))
      .filter(Boolean),
    advice: plainText(message.advice, 2000, { keepLinks: true }),
    facts: [
      ...facts.map(({ name, value }) => ({ name: plainText(name, 64) || '–', value: plainText(value, 256) || '–' })),
      ...(left > 0 ? [moreFacts(left)] : []),
    ],
    links: message.links.slice(0, linksMax).flatMap(({ title, url }) => {
      const href = followable(url)
      return href ? [{ title: plainText(title, 80) || 'Link', url: href }] : []
    }),
  }
}

/** Stands in the place of facts that did not fit. */
export function moreFacts(count: number): Message['facts'][number] {
  return { name: 'Not shown', value: `${count} more ${count === 1 ? 'fact' : 'facts'}` }
}

/** The URL written so that it ends no Markdown and no Slack link early; undefined where nobody should follow it. */
function followable(address: string): string | undefined {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  const path = `${url.pathname}${url.search}${url.hash}`
  const href = url.origin + path.replace(/[|()']/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  return href.length <= urlMax ? href : undefined
}
