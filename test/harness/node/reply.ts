import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TransportFault } from './faults.ts'
import type { MixedIds } from './jsonRpc.ts'

export function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  })
  response.end(body)
}

/** Does to one HTTP request what the fault says; `write` gives the answer that was due. */
export function befall(fault: TransportFault, response: ServerResponse, write: (mixed?: MixedIds) => string): void {
  switch (fault.kind) {
    case 'hang':
      return
    case 'drop':
      response.destroy()
      return
    case 'status': {
      const wait = fault.retryAfterSeconds
      const body = `{"error":"status ${fault.status} on purpose"}`
      reply(response, fault.status, body, wait === undefined ? {} : { 'retry-after': String(wait) })
      return
    }
    case 'malformed':
      reply(response, 200, write().slice(0, -5))
      return
    case 'slow':
      setTimeout(() => reply(response, 200, write()), fault.delayMs)
      return
    case 'mixedIds':
      reply(response, 200, write(fault.as))
      return
    case 'drip':
      void drip(response)
      return
    case 'oversized':
      void flood(response, fault.megabytes)
  }
}

/** Streams a valid beginning of an answer that does not end before so many megabytes; stops when nobody listens. */
async function flood(response: ServerResponse, megabytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"jsonrpc":"2.0","id":1,"result":"0x')
  const megabyte = 'aa'.repeat(512 * 1024)
  const closed = once(response, 'close')
  for (let sent = 0; sent < megabytes && !response.destroyed; sent++) {
    if (!response.write(megabyte)) await Promise.race([once(response, 'drain'), closed])
  }
  response.end('"}')
}

const dripMs = 10

/** A byte now and then, which never come to an answer. */
async function drip(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  for (let sent = 0; !response.destroyed; sent++) {
    response.write(sent === 0 ? '{"jsonrpc":"2.0","id":1,"result":"0x' : 'a')
    await sleep(dripMs)
  }
}
