import { z } from 'zod'
import { defineChannel } from '../model/channel.ts'
import type { Message, MessageKind } from '../model/message.ts'
import { secret } from '../model/secret.ts'
import type { Severity } from '../model/severity.ts'
import { allowPrivateAddress, apiUrl } from './httpOptions.ts'
import { postJson } from './postJson.ts'
import { readableMessage } from './readableMessage.ts'

const actions: Record<MessageKind, 'trigger' | 'acknowledge' | 'resolve'> = {
  firing: 'trigger',
  updated: 'trigger',
  test: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
  retracted: 'resolve',
}

const severities: Record<Severity, 'critical' | 'error' | 'warning' | 'info'> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
}

export const pagerduty = defineChannel({
  id: 'pagerduty',
  title: 'PagerDuty',
  manual:
    'Opens, acknowledges and resolves a PagerDuty incident per alert (Events API v2), so that PagerDuty decides whom to ' +
    'wake. Add the integration "Events API v2" to a service and put its integration key into a secret. A test message ' +
    'opens an incident that you resolve by hand.',
  options: z.strictObject({
    routingKey: secret().describe('Integration key of the service.'),
    api: apiUrl('https://events.pagerduty.com'),
    allowPrivateAddress,
  }),
  perMinute: 120,
  async send({ message, options, signal }) {
    const routingKey = options.routingKey.reveal()
    await postJson({
      service: 'PagerDuty',
      url: `${options.api.replace(/\/+$/, '')}/v2/enqueue`,
      body: JSON.stringify({ routing_key: routingKey, ...toEvent(readableMessage(message)) }),
      secrets: [routingKey],
      accepts: ({ status, body }) => status === 202 || /"status"\s*:\s*"success"/.test(body.toString()),
      allowPrivate: options.allowPrivateAddress,
      signal,
    })
  },
})

function toEvent(message: Message) {
  const { alert, links } = message
  const event = { event_action: actions[message.kind], dedup_key: alert?.id ?? message.id }
  if (event.event_action !== 'trigger') return event
  const console = links.find(({ title }) => /console|tocsin/i.test(title))
  return {
    ...event,
    client: 'Tocsin',
    ...(console ? { client_url: console.url } : {}),
    links: links.map(({ title, url }) => ({ href: url, text: title })),
    payload: {
      summary: message.title,
      severity: severities[message.severity],
      source: alert ? `${alert.contract.name} (${alert.contract.address}) on ${alert.chain.name}` : 'Tocsin',
      timestamp: message.at,
      ...(alert ? { component: alert.contract.name, group: alert.monitor, class: alert.detector } : {}),
      custom_details: {
        'What happened': message.sentences.join(' '),
        'What to do': message.advice,
        Facts: message.facts.map(({ name, value }) => `${name}: ${value}`),
      },
    },
  }
}
