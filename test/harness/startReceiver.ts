import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Reply = { status: number; body?: string; headers?: Record<string, string> }

/** An HTTP server that keeps what it is sent, for tests of what leaves Tocsin. */
export type Receiver = {
  url: string
  requests: Received[]
  /** How it answers from now on. */
  reply: Reply
  close(): Promise<void>
}

export async function startReceiver(reply: Reply = { status: 200, body: 'ok' }): Promise<Receiver> {
  const receiver: Receiver = { url: '', requests: [], reply, close }
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    receiver.requests.push({ method, path: url, headers, body: await text(request) })
    response.writeHead(receiver.reply.status, receiver.reply.headers).end(receiver.reply.body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function close() {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return receiver
}
