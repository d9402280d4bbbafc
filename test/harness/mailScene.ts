import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect } from 'vitest'
import { email } from '../../src/channels/email.ts'
import type { Message } from '../../src/model/message.ts'
import { localhostCertificate } from './localhostCertificate.ts'
import { sampleMessage } from './sampleMessage.ts'

type Mail = { from: string; to: string[]; user: string | undefined; secure: boolean; raw: string }

/** A real mail server on this machine, and what it was sent. It is closed after each test. */
export function mailScene() {
  let server: SMTPServer | undefined
  const mails: Mail[] = []

  /** Answers the port of the server. */
  async function serve(options: SMTPServerOptions = {}): Promise<number> {
    server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      ...localhostCertificate,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'ana' && password === 'hunter2') done(null, { user: username })
        else done(new Error('5.7.8 Wrong user or password'))
      },
      onData: async (stream, { envelope, user, secure }, done) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        mails.push({ from, to, user: user ? String(user) : undefined, secure, raw: await text(stream) })
        done()
      },
      ...options,
    })
    server.on('error', () => {})
    const socket = server.listen(0, '127.0.0.1')
    await once(socket, 'listening')
    return (socket.address() as AddressInfo).port
  }

  async function close() {
    mails.length = 0
    await new Promise<void>((resolve) => (server ? server.close(resolve) : resolve()))
    server = undefined
  }
  afterEach(close)

  async function send(port: number, more: object = {}, message: Message = sampleMessage) {
    const options = email.options.parse({
      host: '127.0.0.1',
      port,
      from: 'tocsin@acme.example',
      to: ['ana@acme.example', 'ben@acme.example'],
      allowPrivateAddress: true,
      ...more,
    })
    await email.send({ message, options, signal: new AbortController().signal })
    return mails.at(-1)!
  }

  return { mails, serve, close, send }
}

/** What an attempt to send failed with. */
export const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => expect.fail('the mail was taken'),
    (error) => error,
  )
