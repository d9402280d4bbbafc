import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { localhostCertificate } from '../../../test/harness/localhostCertificate.ts'
import { httpTransport } from './httpTransport.ts'
import { answerBytesMax } from './transport.ts'

const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
  vi.unstubAllEnvs()
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void
type Host = { url: string; connections: Socket[]; requests: IncomingMessage[] }

/** Calls `listener` once a request is whole. */
async function startHost(listener: Listener, create = (serve: RequestListener) => createServer(serve)): Promise<Host> {
  const host: Host = { url: '', connections: [], requests: [] }
  const server = create(async (request, response) => {
    await text(request)
    host.requests.push(request)
    listener(request, response)
  })
  server.on('connection', (socket: Socket) => host.connections.push(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  closings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return host
}

function open(url: string) {
  const transport = httpTransport(url)
  closings.push(transport.close)
  const ask = (signal = AbortSignal.timeout(10_000)) =>
    transport.send({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }, signal)
  return { ask, close: transport.close }
}

const answer = { jsonrpc: '2.0', id: 1, result: '0x1' }
const body = JSON.stringify(answer)

describe('a packed answer', () => {
  const packed = (encoding: string, bytes: Uint8Array) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(200, { 'content-encoding': encoding }).end(bytes)

  test.each(['gzip', 'GZIP'])('is asked for and taken as %s', async (encoding) => {
    const host = await startHost(packed(encoding, gzipSync(body)))
    expect(await open(host.url).ask()).toEqual(answer)
    expect(host.requests[0]!.headers['accept-encoding']).toBe('gzip')
  })

  test('is refused where it unfolds to more than an answer may have', async () => {
    const host = await startHost((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const zip = createGzip()
      zip.pipe(response)
      const piece = Buffer.alloc(answerBytesMax / 8, ' ')
      for (let count = 0; count < 8; count++) zip.write(piece)
      zip.end(body)
    })
    await expect(open(host.url).ask()).rejects.toMatchObject({ fault: 'too large' })
  })

  test.each([
    ['broken', 'gzip', gzipSync(body).subarray(0, -12), 'no gzip'],
    ['not packed', 'gzip', Buffer.from(body), 'no gzip'],
    ['packed otherwise', 'br', brotliCompressSync(body), 'in the encoding br'],
  ])('is refused where it is %s', async (_, encoding, bytes, words) => {
    const host = await startHost(packed(encoding, bytes))
    const asked = open(host.url).ask()
    await expect(asked).rejects.toMatchObject({ fault: 'malformed', message: expect.stringContaining(words) })
  })
})

describe('a connection', () => {
  test('is kept for the next request, and closed at the end', async () => {
    const host = await startHost((_, response) => void response.end(body))
    const { ask, close } = open(host.url)
    for (let count = 0; count < 3; count++) await ask()
    expect(host.connections).toHaveLength(1)
    const closed = once(host.connections[0]!, 'close')
    close()
    await closed
  })

  test('that was kept and is cut without an answer is replaced', async () => {
    const host = await startHost(({ socket }, response) => {
      const isReused = host.requests.filter((request) => request.socket === socket).length > 1
      if (isReused) socket.resetAndDestroy()
      else response.end(body)
    })
    const { ask } = open(host.url)
    await ask()
    expect(await ask()).toEqual(answer)
    expect(host.requests).toHaveLength(3)
  })

  test('is replaced once only', async () => {
    let isDown = false
    const host = await startHost(({ socket }, response) => {
      if (isDown) socket.resetAndDestroy()
      else response.end(body)
    })
    const { ask } = open(host.url)
    await ask()
    isDown = true
    await expect(ask()).rejects.toMatchObject({ fault: 'unreachable' })
    expect(host.requests).toHaveLength(3)
    await expect(ask()).rejects.toMatchObject({ fault: 'unreachable' })
    expect(host.requests).toHaveLength(4)
  })

  test('that is cut in the middle of an answer is not', async () => {
    const host = await startHost((_, response) => {
      if (host.requests.length === 1) return void response.end(body)
      response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, 10), () => response.destroy())
    })
    const { ask } = open(host.url)
    await ask()
    await expect(ask()).rejects.toMatchObject({ fault: 'unreachable' })
    expect(host.requests).toHaveLength(2)
  })

  test('is waited for only so long', async () => {
    const host = await startHost(() => {})
    await expect(open(host.url).ask(AbortSignal.timeout(50))).rejects.toMatchObject({ fault: 'timeout' })
    await expect(open(host.url).ask(AbortSignal.abort())).rejects.toMatchObject({ fault: 'timeout' })
  })

  test('that nobody takes is told of by its reason', async () => {
    await expect(open('http://localhost:9').ask()).rejects.toThrow(/^localhost:9 cannot be reached: .*ECONNREFUSED/)
    await expect(open('ftp://localhost').ask()).rejects.toThrow(/^localhost cannot be reached: Protocol "ftp:"/)
  })
})

test('says that it was sent elsewhere, without the URL', async () => {
  const host = await startHost((_, response) => void response.writeHead(308, { location: '/v3/s3cret' }).end())
  const refused = await open(`${host.url}/v2/s3cret`)
    .ask()
    .catch((error: Error) => error)
  expect(refused).toMatchObject({ fault: 'unreachable', hints: ['Set `rpc` to the URL to which this one leads.'] })
  expect(String(refused)).toMatch(/sends us elsewhere \(HTTP status 308\)/)
  expect(String(refused)).not.toContain('s3cret')
})

test('speaks TLS, with those whose certificate is good', async () => {
  const host = await startHost(
    (_, response) => void response.end(body),
    (serve) => createTlsServer(localhostCertificate, serve),
  )
  const url = host.url.replace('http://127.0.0.1', 'https://localhost')
  await expect(open(url).ask()).rejects.toThrow(/cannot be reached: .*certificate/)
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  expect(await open(url).ask()).toEqual(answer)
})
