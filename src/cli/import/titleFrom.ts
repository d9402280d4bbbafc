import { plainText } from '../../lib/plainText.ts'
import type { NamedItem } from './readAbi.ts'
import type { ImportedChannel } from './triggersOf.ts'

const titleMax = 200
/** What of a message is looked at. */
const messageMax = 2000

type About = { item: NamedItem | null; monitor: string }

/**
 * The first message of a monitor that can be a title of ours, its variables in our form; null where none can.
 *
 * Links to the transaction go, since every alert has one.
 */
export function titleFrom(messages: readonly ImportedChannel['message'][], about: About): string | null {
  const texts = messages.flatMap((message) => (message ? [message.body, message.title] : []))
  const titles = texts.map((text) => convert(text, about)).filter((title) => title !== null)
  // What names values says more than what does not.
  return titles.find((title) => /\{/.test(title)) ?? titles[0] ?? null
}

function convert(text: string, about: About): string | null {
  const line = plainText(withoutLinks(text.slice(0, messageMax)), messageMax, { keepLinks: true })
    .replace(/[*_`#]+(?=\S)|(?<=\S)[*`]+/g, (marks) => (marks.includes('_') ? marks : ''))
    .replace(/(\s*[|:,-])+\s*$/, '')
    .trim()
  let isWhole = true
  const title = line.replace(/\$\{([^{}]*)\}|[{}]/g, (_, name: string | undefined) => {
    if (name === undefined) return ''
    const value = partOf(name.trim(), about)
    if (value === null) isWhole = false
    return value ?? ''
  })
  return isWhole && title !== '' && title.length <= titleMax ? title : null
}

/** Without links to the transaction, those of Markdown included. */
function withoutLinks(text: string): string {
  const isLink = (part: string) => /\$\{transaction[._]hash\}/.test(part)
  const plain = text.replace(/\[[^\][]*\]\([^()\s]*\)/g, (link) => (isLink(link) ? '' : link))
  return plain
    .split(/\s+/)
    .filter((word) => !(word.includes('://') && isLink(word)))
    .join(' ')
}

/** `${events.0.args.value}`, and `${event_0_value}` in older files. */
function partOf(name: string, { item, monitor }: About): string | null {
  if (/^monitor[._]name$/.test(name)) return monitor.replace(/[{}]/g, '')
  const [, kind, rest = ''] = /^(event|function)s?[._]0[._](.+)$/.exec(name) ?? []
  if (!item || kind !== item.type) return null
  if (rest === 'signature') return item.name
  const wanted = rest.replace(/^args\./, '')
  const index = item.inputs.findIndex((input) => input.name === wanted)
  if (index >= 0) return `{${wanted}}`
  const place = /^\d{1,3}$/.test(wanted) ? Number(wanted) : -1
  const input = item.inputs[place]
  return input && !/[{}]/.test(input.name ?? '') ? `{${input.name || `args[${place}]`}}` : null
}
