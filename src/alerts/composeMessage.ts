import {
  groupDigits,
  isSaidElsewhere,
  labelWords,
  type Token,
  timeWords,
  tokenOf,
  unitsWords,
} from '../lib/factWords.ts'
import { hash } from '../lib/hash.ts'
import { plainText } from '../lib/plainText.ts'
import type { Address } from '../model/chain.ts'
import type { Json } from '../model/finding.ts'
import type { Message, MessageKind } from '../model/message.ts'
import type { AlertRow } from '../store/alerts.ts'
import type { AlertContext } from './alertContext.ts'

const factsMax = 12

/** Puts into words what changed about an alert. The id is that of this change and this channel, whoever composes it. */
export function composeMessage(
  context: AlertContext,
  {
    alert,
    kind,
    channel,
    at,
    facts,
    note,
  }: {
    alert: AlertRow
    kind: MessageKind
    channel: string
    at: Date
    facts: Record<string, Json>
    note?: string | undefined
  },
): Message {
  const chain = context.chains.get(alert.chainId)
  const name = context.nameOf(alert.chainId, alert.address) ?? alert.address
  return {
    id: hash('message', alert.id, alert.told, kind, channel),
    kind,
    severity: alert.severity,
    title: titleOf(alert, kind),
    sentences: [...whatHappened(alert, kind), note ?? '', where(alert, name, chain?.name), howSure(alert, kind)].filter(
      Boolean,
    ),
    advice: kind === 'firing' || kind === 'updated' ? context.adviceOf(alert.detector) : '',
    facts: factsOf(facts, (address) => context.nameOf(alert.chainId, address)),
    links: linksOf(context, alert),
    at: at.toISOString(),
    alert: {
      id: alert.id,
      key: alert.key,
      state: alert.state,
      stage: alert.stage,
      monitor: alert.monitor,
      detector: alert.detector,
      chain: { id: alert.chainId, name: chain?.name ?? String(alert.chainId) },
      contract: { name, address: alert.address },
      findings: alert.findings,
      blockNumber: alert.blockNumber,
      transactionHash: alert.transactionHash,
    },
  }
}

type NameOf = (address: Address) => string | undefined

/** The first of them in words; of the others, how many there are. What is empty says nothing. */
function factsOf(facts: Record<string, Json>, nameOf: NameOf): Message['facts'] {
  const all = shownOf(facts, { token: tokenOf(facts), nameOf }).map(({ name, value }) => ({
    name,
    value: plainText(value, 300),
  }))
  if (all.length <= factsMax) return all
  return [...all.slice(0, factsMax), { name: 'more', value: `${all.length - factsMax} more facts in the console` }]
}

function titleOf(alert: AlertRow, kind: MessageKind): string {
  const severity = alert.severity[0]!.toUpperCase() + alert.severity.slice(1)
  const prefix = {
    firing: severity,
    updated: `${severity}, more`,
    acknowledged: 'Acknowledged',
    resolved: 'Resolved',
    retracted: 'Retracted',
    test: 'Test',
  }
  return `${prefix[kind]}: ${alert.title}`
}

function whatHappened(alert: AlertRow, kind: MessageKind): string[] {
  const title = alert.title.endsWith('.') ? alert.title : `${alert.title}.`
  switch (kind) {
    case 'updated':
      return [title, `It goes on: ${counted(alert.findings)} so far.`]
    case 'acknowledged':
      return [title, `${alert.acknowledgedBy ?? 'Somebody'} has taken it on.`]
    case 'resolved':
      return [title, `It is over, after ${counted(alert.findings)}: ${alert.resolvedBecause ?? 'resolved'}.`]
    case 'retracted':
      return [
        title,
        'It did not happen on the chain as it now stands: a reorg took it away. You were told of it too early.',
      ]
    default:
      return alert.findings > 1 ? [title, `${counted(alert.findings)} so far.`] : [title]
  }
}

function counted(findings: number): string {
  return findings === 1 ? 'one finding' : `${findings} findings`
}

function where(alert: AlertRow, contract: string, chain: string | undefined): string {
  if (alert.blockNumber === null) return `Noticed by monitor ${alert.monitor} on ${chain ?? 'this installation'}.`
  const when = alert.firstSeenAt.toISOString().replace('T', ' ').replace('.000Z', ' UTC')
  return `Seen on ${chain ?? alert.chainId} at ${contract}, in block ${alert.blockNumber} of ${when}, by monitor ${alert.monitor}.`
}

function howSure(alert: AlertRow, kind: MessageKind): string {
  if (kind === 'retracted' || kind === 'resolved' || alert.blockNumber === null) return ''
  // The stage is that of the first finding; what is new is newer.
  if (kind === 'updated') return 'The newest of it may still vanish in a reorg; then you will be told.'
  const sureness = {
    provisional: 'It stands in one of the newest blocks and may still vanish in a reorg; then you will be told.',
    confirmed: 'Its block has been confirmed by later blocks.',
    final: 'Its block is final.',
    retracted: '',
  }
  return sureness[alert.stage]
}

function linksOf(context: AlertContext, alert: AlertRow): Message['links'] {
  const links = [{ title: 'Open in the console', url: `${context.consoleUrl}/alerts/${alert.id}` }]
  const explorer = context.chains.get(alert.chainId)?.explorer
  if (!explorer) return links
  if (alert.transactionHash) links.push({ title: 'Transaction', url: `${explorer}/tx/${alert.transactionHash}` })
  if (alert.blockNumber !== null) links.push({ title: 'Contract', url: `${explorer}/address/${alert.address}` })
  return links
}

type Words = { token: Token | undefined; nameOf: NameOf }

function shownOf(facts: Record<string, Json>, words: Words): { name: string; value: string }[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (isSaidElsewhere(name, facts)) return []
    const shown = timeWords(name, value) ?? inWords(value, words)
    return shown === '' ? [] : [{ name: labelWords(name), value: shown }]
  })
}

function inWords(value: Json, words: Words): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((each) => inWords(each, words)).join('; ')
  switch (typeof value) {
    case 'boolean':
      return value ? 'yes' : 'no'
    case 'number':
      return groupDigits(String(value))
    case 'string':
      return textInWords(value, words)
    default:
      return recordInWords(value, words)
  }
}

/** Whole numbers are amounts, and a contract of the config is known by its name. */
function textInWords(text: string, { token, nameOf }: Words): string {
  if (/^0x[0-9a-f]{40}$/.test(text)) {
    const name = nameOf(text as Address)
    return name === undefined ? text : `${name} (${text})`
  }
  if (!/^\d{1,90}$/.test(text)) return text
  return token ? `${groupDigits(unitsWords(text, token.decimals))} ${token.symbol}`.trim() : groupDigits(text)
}

/** Of two parts, such as a recipient and what it got, each speaks for itself; more of them need their names. */
function recordInWords(record: Record<string, Json>, { token, nameOf }: Words): string {
  const parts = shownOf(record, { token: tokenOf(record) ?? token, nameOf })
  if (parts.length <= 2) return parts.map(({ value }) => value).join(' ')
  return parts.map(({ name, value }) => `${name} ${value}`).join(', ')
}
