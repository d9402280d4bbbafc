import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { localhostCertificate } from '../../test/harness/localhostCertificate.ts'
import { guardedFetch } from './guardedFetch.ts'

const open: Pick<Server, 'close' | 'closeAllConnections'>[] = []
let contacted = 0

/** A server on this machine; answers its port. */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer).on('connection', () => contacted++)
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(async () => {
  contacted = 0
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

describe('guarded fetch', () => {
  test('posts a body and answers status, headers and body', async () => {
    const port = await serve(async (request, response) => {
      const body = await text(request)
      response.writeHead(201, { 'x-kind': 'test' }).end(`${request.method} ${request.url} ${body}`)
    })
    const answer = await guardedFetch(`http://127.0.0.1:${port}/a?b=c`, {
      method: 'POST',
      body: 'grüß',
      allowPrivate: true,
    })
    expect(answer.status).toBe(201)
    expect(answer.headers['x-kind']).toBe('test')
    expect(answer.body.toString()).toBe('POST /a?b=c grüß')
    expect(answer.truncated).toBe(false)
  })

  test.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.1:PORT/',
    'http://017700000001:PORT/',
    'http://0177.0.0.01:PORT/',
    'http://127.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://0:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1:PORT/',
    'http://100.100.100.200/',
  ])('refuses %s and does not contact it', async (template) => {
    const port = await serve((_request, response) => response.end('inside'))
    const error = await guardedFetch(template.replace('PORT', String(port))).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'forbidden', retryable: false })
    expect(contacted).toBe(0)
  })

  test.each([
    ['file:///etc/passwd', 'The URL of no host starts with file:, not with https: or http:.'],
    ['ftp://a.example/x', 'The URL of a.example starts with ftp:, not with https: or http:.'],
    ['gopher://a.example/x', 'The URL of a.example starts with gopher:, not with https: or http:.'],
    ['https://user:hunter2@a.example/x', 'The URL of a.example holds a user name or a password.'],
    ['not a url hunter2', 'The address is no URL of at most 4096 characters.'],
    [`https://a.example/${'x'.repeat(4096)}`, 'The address is no URL of at most 4096 characters.'],
  ])('does not take %o', async (url, message) => {
    await expect(guardedFetch(url, { allowPrivate: true })).rejects.toMatchObject({ code: 'invalid', message })
  })

  test('never lets the connection resolve the name a second time', async () => {
    const port = await serve((_request, response) => response.end('inside'))
    const again = vi.spyOn(dns, 'lookup')
    await guardedFetch(`http://localhost:${port}/`, { allowPrivate: true })
    expect(contacted).toBe(1)
    expect(again).not.toHaveBeenCalled()
    again.mockRestore()
  })

  test('follows no redirect', async () => {
    const inside = await serve((_request, response) => response.end('inside'))
    const port = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inside}/` }).end()
    })
    const answer = await guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })
    expect(answer).toMatchObject({ status: 302, truncated: false })
    expect(contacted).toBe(1)
  })

  test('reads no more of the body than it may', async () => {
    const port = await serve((_request, response) => {
      const more = () => response.write('x'.repeat(16 * 1024), () => !response.destroyed && more())
      more()
    })
    const answer = await guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })
    expect(answer.body.length).toBe(64 * 1024)
    expect(answer.truncated).toBe(true)
  })

  test('keeps the status of an answer whose body breaks off', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('some', () => request.socket.destroy())
    })
    const answer = await guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })
    expect({ ...answer, headers: {}, body: String(answer.body) }).toEqual({
      status: 200,
      headers: {},
      body: 'some',
      truncated: true,
    })
  })

  test('refuses an answer with huge headers', async () => {
    const port = await serve((_request, response) => response.writeHead(200, { big: 'x'.repeat(20_000) }).end())
    await expect(guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })).rejects.toMatchObject({
      message: `127.0.0.1:${port} could not be reached (HPE_HEADER_OVERFLOW).`,
    })
  })

  test('waits no longer than its time-out', async () => {
    const port = await serve(() => {})
    const fetching = guardedFetch(`http://127.0.0.1:${port}/secret`, { allowPrivate: true, timeoutMs: 50 })
    await expect(fetching).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: `127.0.0.1:${port} gave no answer within 0.05 seconds.`,
    })
  })

  test('stops when its caller says so', async () => {
    const stop = new AbortController()
    const port = await serve(() => stop.abort())
    await expect(
      guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true, signal: stop.signal }),
    ).rejects.toMatchObject({ retryable: true, message: `The request to 127.0.0.1:${port} was broken off.` })
    await expect(
      guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true, signal: stop.signal }),
    ).rejects.toMatchObject({ retryable: true })
  })

  test('tells a refused connection and an unknown name apart, and may try both again', async () => {
    const unused = createTcpServer().listen(0, '127.0.0.1')
    await once(unused, 'listening')
    const { port } = unused.address() as AddressInfo
    unused.close()
    await once(unused, 'close')
    await expect(guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })).rejects.toMatchObject({
      retryable: true,
      message: `127.0.0.1:${port} could not be reached (ECONNREFUSED).`,
    })
    await expect(guardedFetch('http://nowhere.invalid/secret')).rejects.toMatchObject({
      retryable: true,
      message: 'The name nowhere.invalid could not be resolved.',
    })
  })

  test('trusts no unknown certificate', async () => {
    const server = createTlsServer(localhostCertificate, (_request, response) => response.end('inside'))
    open.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await expect(guardedFetch(`https://localhost:${port}/`, { allowPrivate: true })).rejects.toMatchObject({
      message: `localhost:${port} could not be reached (DEPTH_ZERO_SELF_SIGNED_CERT).`,
    })
  })

  test('cannot be made to smuggle a header', async () => {
    const error = await guardedFetch('http://127.0.0.1:1/', {
      allowPrivate: true,
      headers: { authorization: 'hunter2\r\nx-evil: 1' },
    }).catch((caught) => caught)
    expect(error).toMatchObject({
      code: 'invalid',
      message: 'A header for 127.0.0.1:1 is not valid (ERR_INVALID_CHAR).',
    })
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  test('goes straight to the host whatever proxy the environment names', async () => {
    const proxy = await serve((_request, response) => response.end('proxy'))
    const port = await serve((_request, response) => response.end('direct'))
    process.env.HTTP_PROXY = process.env.http_proxy = `http://127.0.0.1:${proxy}`
    try {
      const answer = await guardedFetch(`http://127.0.0.1:${port}/`, { allowPrivate: true })
      expect(String(answer.body)).toBe('direct')
    } finally {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    }
  })
})
