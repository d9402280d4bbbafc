import { describe, expect, test } from 'vitest'
import { localhostCertificate } from '../../test/harness/localhostCertificate.ts'
import { failure, mailScene } from '../../test/harness/mailScene.ts'
import { Secret } from '../model/secret.ts'

const { mails, serve, send } = mailScene()
const trusted = { ca: new Secret(localhostCertificate.cert, 'file:./ca.pem') }
const account = { user: 'ana', password: new Secret('hunter2', 'env:SMTP_PASSWORD') }

describe('email', () => {
  test('goes over STARTTLS, signed in, to a certificate of the named authority', async () => {
    const port = await serve({ hideSTARTTLS: false, authOptional: false })
    expect(await send(port, { host: 'localhost', tls: 'starttls', ...trusted, ...account })).toMatchObject({
      secure: true,
      user: 'ana',
    })
  })

  test('goes over TLS from the start', async () => {
    const port = await serve({ secure: true })
    expect(await send(port, { tls: 'implicit', ...trusted })).toMatchObject({ secure: true })
  })

  test('sends nothing, no password either, where STARTTLS is wanted and not offered', async () => {
    const asked: string[] = []
    const port = await serve({
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username }, _session, done) => {
        asked.push(username ?? '')
        done(null, { user: 'ana' })
      },
    })
    const error = await failure(send(port, { tls: 'starttls', ...trusted, ...account }))
    expect(error).toMatchObject({ name: 'DeliveryError', retryable: false })
    expect(error.message).toMatchInlineSnapshot(
      `"The mail server 127.0.0.1 could not be spoken to over TLS: 500 Error: command not recognized"`,
    )
    expect(asked).toEqual([])
    expect(mails).toEqual([])
  })

  test('trusts no unknown certificate', async () => {
    const port = await serve({ hideSTARTTLS: false })
    const error = await failure(send(port, { tls: 'starttls' }))
    expect(error.message).toMatchInlineSnapshot(
      `"The mail server 127.0.0.1 could not be used: self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca"`,
    )
    expect(error).toMatchObject({ name: 'DeliveryError' })
    expect(mails).toEqual([])
  })

  test('gives up where user or password are wrong, and does not say them', async () => {
    const port = await serve({ hideSTARTTLS: false })
    const password = new Secret('wrong-password', 'env:SMTP_PASSWORD')
    const error = await failure(send(port, { tls: 'starttls', ...trusted, ...account, password }))
    expect(error).toMatchObject({ retryable: false, code: 'forbidden', hints: ['Check user and password.'] })
    expect(error.message).toMatchInlineSnapshot(`"The mail server 127.0.0.1 refused: 535 5.7.8 Wrong user or password"`)
    expect(error.message).not.toContain('wrong-password')
  })
})
