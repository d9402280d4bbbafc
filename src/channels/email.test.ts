import { describe, expect, test } from 'vitest'
import { failure, mailScene } from '../../test/harness/mailScene.ts'
import { hostileMessage, hugeMessage, sampleMessage } from '../../test/harness/sampleMessage.ts'
import type { Message } from '../model/message.ts'
import { email } from './email.ts'

const { mails, serve, close, send } = mailScene()

/** Header names and values, unfolded. */
function headersOf(raw: string): Map<string, string> {
  const lines = raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replaceAll(/\r\n[ \t]/g, ' ')
    .split('\r\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
}

/** Text of all parts, with the transfer encoding taken away. */
function bodyOf(raw: string): string {
  const bytes = raw
    .replaceAll('=\r\n', '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString())
  return bytes
    .slice(bytes.indexOf('\r\n\r\n'))
    .replaceAll(/--_[^\s]*/g, '--boundary')
    .replaceAll('\r\n', '\n')
}

describe('email', () => {
  test('sends one mail to all, as text and as HTML', async () => {
    const mail = await send(await serve())
    expect(mail).toMatchObject({ from: 'tocsin@acme.example', to: ['ana@acme.example', 'ben@acme.example'] })
    const headers = headersOf(mail.raw)
    headers.set('Content-Type', headers.get('Content-Type')!.replace(/boundary=.*/, 'boundary'))
    expect(Object.fromEntries(headers)).toMatchInlineSnapshot(`
      {
        "Auto-Submitted": "auto-generated",
        "Content-Type": "multipart/alternative; boundary",
        "Date": "Sat, 01 Aug 2026 12:00:05 +0000",
        "From": "Tocsin <tocsin@acme.example>",
        "Importance": "High",
        "In-Reply-To": "<5bd7b1721c99b673f31f1a997fc0e953@acme.example>",
        "MIME-Version": "1.0",
        "Message-ID": "<10c472d59e722901a459900cd04cd617@acme.example>",
        "References": "<5bd7b1721c99b673f31f1a997fc0e953@acme.example>",
        "Subject": "[Tocsin] High: 1,200,000 USDC left vault in one transaction",
        "To": "ana@acme.example, ben@acme.example",
        "X-Msmail-Priority": "High",
        "X-Priority": "1 (Highest)",
        "X-Tocsin-Alert": "alert-77",
        "X-Tocsin-Kind": "firing",
        "X-Tocsin-Severity": "high",
      }
    `)
    expect(bodyOf(mail.raw)).toMatchInlineSnapshot(`
      "

      ----boundary
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      High: 1,200,000 USDC left vault in one transaction

      A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held. It was seen at the head of the chain, so a reorg may still take it away.

      What to do: Ask the signers on a second channel. If nobody knows of it, run the playbook "pause-vault".

      receiver: 0x000000000000000000000000000000000000dEaD
      amount: 1,200,000 USDC

      Transaction: https://etherscan.io/tx/0xabc?a=1&b=2
      Console: https://tocsin.acme.example/alerts/alert-77

      -- 
      severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC
      ----boundary
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
      <body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
      <div style="max-width:640px;margin:0 auto;padding-left:16px;border-left:4px solid #cc4a14">
      <h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">High: 1,200,000 USDC left vault in one transaction</h1>
      <p style="margin:0 0 16px">A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held.</p>
      <p style="margin:0 0 16px">It was seen at the head of the chain, so a reorg may still take it away.</p>
      <p style="margin:0 0 16px"><strong>What to do:</strong> Ask the signers on a second channel. If nobody knows of it, run the playbook &quot;pause-vault&quot;.</p>
      <table style="margin:0 0 16px;border-collapse:collapse">
      <tr><th scope="row" style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;opacity:.75">receiver</th><td style="padding:2px 0;font-family:ui-monospace,monospace;font-size:14px;overflow-wrap:anywhere">0x000000000000000000000000000000000000dEaD</td></tr>
      <tr><th scope="row" style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;opacity:.75">amount</th><td style="padding:2px 0;font-family:ui-monospace,monospace;font-size:14px;overflow-wrap:anywhere">1,200,000 USDC</td></tr>
      </table>
      <p style="margin:0 0 16px"><a href="https://etherscan.io/tx/0xabc?a=1&amp;b=2">Transaction</a> &middot; <a href="https://tocsin.acme.example/alerts/alert-77">Console</a></p>
      <p style="margin:24px 0 0;font-size:13px;opacity:.75">severity high · firing · provisional · vault on mainnet · monitor drain · 2026-08-01 12:00:05 UTC</p>
      </div>
      </body>
      </html>

      ----boundary
      "
    `)
  })

  test('keeps its Message-ID when it repeats itself, and the thread of the alert', async () => {
    const port = await serve()
    const ids = async (message: Message) => {
      const headers = headersOf((await send(port, {}, message)).raw)
      return { id: headers.get('Message-ID'), thread: headers.get('References') }
    }
    const first = await ids(sampleMessage)
    expect(await ids(sampleMessage)).toEqual(first)
    const next = await ids({ ...sampleMessage, id: 'msg-0002', kind: 'resolved' })
    expect(next.id).not.toBe(first.id)
    expect(next.thread).toBe(first.thread)
    const { alert: _, ...test } = sampleMessage
    expect((await ids({ ...test, id: 'x' })).thread).toBeUndefined()
  })

  test('lets hostile text add no header and no HTML', async () => {
    const { raw, to } = await send(await serve(), {}, hostileMessage)
    expect(to).toEqual(['ana@acme.example', 'ben@acme.example'])
    const headers = headersOf(raw)
    expect(headers.has('Bcc')).toBe(false)
    expect(headers.get('Subject')).toMatchInlineSnapshot(
      `"[Tocsin] High: @everyone <!channel> <@U1> </b><script>alert(1)</script> [U+202E]gnp.exe Bcc: x@evil.example"`,
    )
    const html = bodyOf(raw).split('<!doctype html>')[1]!
    expect(html).not.toMatch(/<script|<b>|javascript:|href="(?!https:\/\/a\.example\/)/)
    expect(html.match(/<a /g)).toHaveLength(1)
  })

  test('bounds what is too long', async () => {
    const { raw } = await send(await serve(), {}, hugeMessage)
    expect(raw.length).toBeLessThan(500_000)
    for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
  })

  test.each([
    [550, false],
    [451, true],
    [421, true],
    [503, true],
  ])('may try again after %i: %s', async (responseCode, retryable) => {
    const port = await serve({
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('4.7.0 not now\u202e'), { responseCode })),
    })
    const error = await failure(send(port))
    expect(error).toMatchObject({ name: 'DeliveryError', retryable })
    expect(error.message).toContain(`refused: ${responseCode} `)
    expect(error.message).toContain('[U+202E]')
  })

  test.each([
    [550, false],
    [450, true],
  ])('tells of an address that is refused with %i though others are not', async (responseCode, retryable) => {
    const port = await serve({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('ben') ? done(Object.assign(new Error('no such user'), { responseCode })) : done(),
    })
    const error = await failure(send(port))
    expect(error).toMatchObject({ name: 'DeliveryError', retryable })
    expect(error.message).toBe(
      `The mail server 127.0.0.1 took the mail, but not for ben@acme.example: ${responseCode} no such user`,
    )
    expect(mails).toHaveLength(1)
  })

  test('contacts nobody inside unless that is meant', async () => {
    let contacted = 0
    const port = await serve({ onConnect: () => contacted++ })
    for (const host of ['127.0.0.1', 'localhost', '::1', '169.254.169.254']) {
      const error = await failure(send(port, { host, allowPrivateAddress: false }))
      expect(error).toMatchObject({ name: 'DeliveryError', code: 'forbidden', retryable: false })
    }
    expect(contacted).toBe(0)
  })

  test('may try again where nobody answers, or where it was told to stop', async () => {
    const port = await serve()
    await close()
    const error = await failure(send(port))
    expect(error).toMatchObject({ name: 'DeliveryError', retryable: true })
    expect(error.message).toBe(`The mail server 127.0.0.1 could not be used: connect ECONNREFUSED 127.0.0.1:${port}`)

    const stop = new AbortController()
    const slow = await serve({ onConnect: () => stop.abort() })
    const options = email.options.parse({
      host: '127.0.0.1',
      port: slow,
      from: 'a@b.example',
      to: ['c@d.example'],
      allowPrivateAddress: true,
    })
    expect(await failure(email.send({ message: sampleMessage, options, signal: stop.signal }))).toMatchObject({
      name: 'DeliveryError',
      retryable: true,
    })
  })

  test.each([
    { from: 'a@b.example\r\nBcc: x@y.example' },
    { to: [] },
    { to: ['not an address'] },
    { host: 'a b' },
    { user: 'ana', password: 'hunter2' },
    { user: 'ana' },
    { tls: 'none' },
  ])('does not take the options %o', (wrong) => {
    const right = { host: 'mail.acme.example', from: 'a@b.example', to: ['c@d.example'] }
    expect(email.options.safeParse(right).success).toBe(true)
    expect(email.options.safeParse({ ...right, ...wrong }).success).toBe(false)
  })
})
