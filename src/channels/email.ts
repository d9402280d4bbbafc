import { createHash } from 'node:crypto'
import { z } from 'zod'
import { truncate } from '../lib/truncate.ts'
import { defineChannel } from '../model/channel.ts'
import type { Message } from '../model/message.ts'
import { secret } from '../model/secret.ts'
import { contextLine } from './contextLine.ts'
import { emailHtml } from './emailHtml.ts'
import { mailRefusal, recipientsRefused } from './mailRefusal.ts'
import { openSocket } from './openSocket.ts'
import { readableMessage } from './readableMessage.ts'

const subjectMax = 200
const timeoutMs = 20_000

const options = z
  .strictObject({
    host: z.hostname().or(z.ipv4()).or(z.ipv6()).describe('The mail server (SMTP submission).'),
    port: z.int().min(1).max(65_535).default(587).describe('Its port.'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .optional()
      .describe(
        'Default: `implicit` on port 465, `none` where the host is this machine, else `starttls`, which is then ' +
          'required. `none` goes with `allowPrivateAddress` only.',
      ),
    ca: secret().optional().describe('Certificate (PEM) of the authority to trust, for a server with one of its own.'),
    user: z.string().min(1).max(320).optional().describe('Goes with `password`.'),
    password: secret().optional(),
    from: z.email().describe('Address of the sender.'),
    to: z.array(z.email()).min(1).max(50).describe('Addresses of the receivers, who see each other.'),
    allowPrivateAddress: z.boolean().default(false).describe('Allows a host in a private network or on this machine.'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['user'],
    error: 'goes together with `password`',
  })
  .refine(({ tls, allowPrivateAddress }) => tls !== 'none' || allowPrivateAddress, {
    path: ['tls'],
    error: '`none` sends everything unencrypted; it goes with `allowPrivateAddress: true` only',
  })

type Options = z.infer<typeof options>

export const email = defineChannel({
  id: 'email',
  title: 'E-mail',
  manual:
    'Sends one mail to all addresses, as plain text and as simple HTML without pictures. Mails of one alert make one ' +
    'thread; a repeat has the same Message-ID. The connection is encrypted unless the mail server runs on this machine.',
  options,
  perMinute: 60,
  async send({ message, options, signal }) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const mailer = await transport(options, within)
    const sent = await mailer
      .sendMail({ ...compose(readableMessage(message), options), signal: within })
      .catch((cause) => {
        throw mailRefusal(cause, options.host)
      })
    if (sent.rejected.length > 0) throw recipientsRefused(sent, options.host)
  },
})

async function transport(options: Options, signal: AbortSignal) {
  // It is large, and who sends no e-mail has no use for it.
  const { default: nodemailer } = await import('nodemailer')
  const { host, port, user, password } = options
  const tls = options.tls ?? (port === 465 ? 'implicit' : isThisMachine(host) ? 'none' : 'starttls')
  return nodemailer.createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxResponseSize: 64 * 1024,
    ...(options.ca ? { tls: { ca: options.ca.reveal() } } : {}),
    ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    getSocket: (_options, done) => {
      openSocket({ host, port, allowPrivate: options.allowPrivateAddress, signal }).then(
        (connection) => done(null, { connection }),
        (error) => done(error),
      )
    },
  })
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function compose(message: Message, { from, to }: Options) {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const idOf = (name: string) => `<${createHash('sha256').update(name).digest('hex').slice(0, 32)}@${domain}>`
  const { alert, severity } = message
  return {
    from: { name: 'Tocsin', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: truncate(`[Tocsin] ${message.title}`, subjectMax),
    messageId: idOf(`message ${message.id}`),
    // No mail has the id that the thread hangs from, so that every mail of it may be the first to arrive.
    ...(alert ? { references: [idOf(`alert ${alert.id}`)], inReplyTo: idOf(`alert ${alert.id}`) } : {}),
    date: new Date(message.at),
    text: emailText(message),
    html: emailHtml(message),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Tocsin-Kind': message.kind,
      'X-Tocsin-Severity': severity,
      ...(alert ? { 'X-Tocsin-Alert': alert.id } : {}),
    },
    ...(severity === 'high' || severity === 'critical' ? { priority: 'high' as const } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function emailText(message: Message): string {
  const paragraphs = [
    message.title,
    message.sentences.join(' '),
    message.advice && `What to do: ${message.advice}`,
    message.facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    message.links.map(({ title, url }) => `${title}: ${url}`).join('\n'),
    `-- \n${contextLine(message)}`,
  ]
  return paragraphs.filter(Boolean).join('\n\n')
}
