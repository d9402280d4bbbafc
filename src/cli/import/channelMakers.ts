import { z } from 'zod'
import { checkShape } from './checkShape.ts'
import type { Remarks } from './remarks.ts'
import type { SecretBook } from './secretBook.ts'
import { type SecretValue, secretValue, sourceOf } from './secretValue.ts'

type Making = { id: string; config: Record<string, unknown>; secrets: SecretBook; remarks: Remarks }
type Made = { use: string; options: Record<string, unknown> }

/** Makes a channel of ours out of a trigger; null where it is broken, which is then remarked. */
export type ChannelMaker = (making: Making) => Made | null

/** By the type of trigger. */
export const channelMakers: Readonly<Record<string, ChannelMaker>> = {
  slack: byUrl('slack', 'slack_url'),
  discord: byUrl('discord', 'discord_url'),
  telegram,
  email,
  webhook,
}

const anything = z.unknown().optional()
const always = { message: anything, retry_policy: anything, payload_mode: anything }

function byUrl(use: string, field: string): ChannelMaker {
  return (making) => {
    const { id, config, secrets, remarks } = making
    const { [field]: url, ...rest } = config
    const given = checkShape(z.object({ url: secretValue, ...always }), { ...rest, url }, id, remarks)
    if (!given) return null
    remarkPlainHttp(given.url, making)
    return { use, options: { url: secrets.reference(given.url, `${id}_url`, `URL of the ${use} trigger`) } }
  }
}

function telegram(making: Making): Made | null {
  const chat = z.union([z.int().transform(String), z.string().regex(/^(-?\d{1,20}|@\w{1,64})$/)])
  const given = checkShape(
    z.object({ token: secretValue, chat_id: chat, disable_web_preview: anything, ...always }),
    making.config,
    making.id,
    making.remarks,
  )
  if (!given) return null
  const token = making.secrets.reference(given.token, `${making.id}_token`, 'Token of the Telegram bot')
  return { use: 'telegram', options: { token, chat: given.chat_id } }
}

/** The port where none is given: OpenZeppelin Monitor speaks TLS from the first byte then. */
const mailPort = 465

const emailSchema = z.object({
  host: z.hostname(),
  port: z.int().min(1).max(65_535).nullish(),
  username: secretValue,
  password: secretValue,
  sender: z.email(),
  recipients: z.array(z.email()).min(1).max(50),
  ...always,
})

function email(making: Making): Made | null {
  const given = checkShape(emailSchema, making.config, making.id, making.remarks)
  if (!given) return null
  const { host, sender: from, recipients: to } = given
  const { source, value: user } = sourceOf(given.username)
  const port = given.port ?? mailPort
  if (source !== 'plain') {
    making.remarks.add('lost', making.id, `The user name of the mail server comes from ${user}: put it under \`user\`.`)
  }
  const password = making.secrets.reference(given.password, `${making.id}_password`, 'Password of the mail server')
  return { use: 'email', options: { host, port, user: source === 'plain' ? user : from, password, from, to } }
}

const webhookSchema = z.object({
  url: secretValue,
  method: z.string().max(16).nullish(),
  secret: secretValue.nullish(),
  headers: z.record(z.string().max(256), secretValue).nullish(),
  ...always,
})

function webhook(making: Making): Made | null {
  const given = checkShape(webhookSchema, making.config, making.id, making.remarks)
  if (!given) return null
  const { id, secrets, remarks } = making
  remarks.add('changed', id, webhookDiffers)
  if (given.method && given.method.toUpperCase() !== 'POST') {
    remarks.add('lost', id, `Tocsin posts; the method ${given.method} is not kept.`)
  }
  if (given.secret)
    remarks.add('changed', id, 'A signing secret needs at least 24 bytes: choose a longer one if it has fewer.')
  remarkPlainHttp(given.url, making)
  const all = Object.entries(given.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'content-type')
  const own = all.filter(([name]) => /^[A-Za-z0-9-]{1,64}$/.test(name))
  for (const [name] of all.filter((header) => header !== own[0])) {
    remarks.add('lost', id, `The header ${name}: a webhook has one header of your own.`)
  }
  const [header] = own
  const url = secrets.reference(given.url, `${id}_url`, 'URL of the webhook')
  const signingSecret = secrets.reference(
    given.secret ?? undefined,
    `${id}_signing_secret`,
    'Key of the signatures, 24 bytes or more',
  )
  if (!header) return { use: 'webhook', options: { url, signingSecret } }
  const value = secrets.reference(header[1], `${id}_header`, `Header ${header[0]} of the webhook`)
  return { use: 'webhook', options: { url, signingSecret, header: { name: header[0], value } } }
}

const webhookDiffers =
  'The body is a CloudEvents event and the signature that of Standard Webhooks: teach the receiver both. A template or ' +
  'a raw payload is not kept.'

function remarkPlainHttp(secret: SecretValue, { id, remarks }: Making): void {
  const { source, value } = sourceOf(secret)
  if (source !== 'plain' || !/^http:/i.test(value)) return
  remarks.add('changed', id, 'Its URL begins with http://, which goes with `allowPrivateAddress: true` only.')
}
