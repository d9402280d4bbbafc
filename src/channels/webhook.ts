import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { defineChannel } from '../model/channel.ts'
import type { Message } from '../model/message.ts'
import { secret } from '../model/secret.ts'
import { allowPrivateAddress, secretUrl } from './httpOptions.ts'
import { postJson } from './postJson.ts'
import { readableMessage } from './readableMessage.ts'

/** Standard Webhooks asks for 24 to 64 bytes. */
const keyMinBytes = 24

const options = z.strictObject({
  url: secretUrl().describe('Where events are posted to.'),
  signingSecret: secret()
    .refine(
      (value) => signingKey(value.reveal()).length >= keyMinBytes,
      `the secret is shorter than ${keyMinBytes} bytes`,
    )
    .describe('Key of the signatures: `whsec_` and base64, or any text of at least 24 bytes.'),
  source: z
    .string()
    .regex(/^[\w.~:/?#@!$&'()*+,;=%-]{1,200}$/, 'is not a URI reference')
    .default('/tocsin')
    .describe('The attribute `source` of the events, to tell several Tocsins apart.'),
  header: z
    .strictObject({ name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), value: secret() })
    .optional()
    .describe('One more header, such as `{ name: authorization, value: env:TOKEN }`.'),
  allowPrivateAddress,
})

export const webhook = defineChannel({
  id: 'webhook',
  title: 'Webhook',
  manual:
    'Posts each message as a CloudEvents 1.0 event (JSON, structured mode) with the signature headers of Standard ' +
    'Webhooks. The receiver checks the signature, refuses old timestamps, and knows a repeat by `webhook-id`.',
  options,
  perMinute: 600,
  async send({ message, options, signal }) {
    const body = JSON.stringify(toEvent(message, options.source))
    const timestamp = Math.floor(Date.now() / 1000)
    const signature = createHmac('sha256', signingKey(options.signingSecret.reveal()))
      .update(`${message.id}.${timestamp}.${body}`)
      .digest('base64')
    await postJson({
      service: 'The webhook',
      url: options.url.reveal(),
      body,
      headers: {
        ...(options.header ? { [options.header.name.toLowerCase()]: options.header.value.reveal() } : {}),
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': message.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signature}`,
      },
      secrets: options.header ? [options.header.value.reveal()] : [],
      allowPrivate: options.allowPrivateAddress,
      signal,
    })
  },
})

function signingKey(value: string): Buffer {
  return value.startsWith('whsec_') ? Buffer.from(value.slice('whsec_'.length), 'base64') : Buffer.from(value)
}

function toEvent(message: Message, source: string) {
  return {
    specversion: '1.0',
    type: `dev.tocsin.alert.${message.kind}.v1`,
    id: message.id,
    source,
    ...(message.alert ? { subject: message.alert.id } : {}),
    time: message.at,
    datacontenttype: 'application/json',
    data: readableMessage(message),
  }
}
