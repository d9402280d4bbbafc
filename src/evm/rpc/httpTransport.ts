import { RpcError } from './rpcError.ts'
import { answerBytesMax, type RpcRequest, type Transport } from './transport.ts'

/** JSON-RPC over HTTP POST. */
export function httpTransport(url: string): Transport {
  const { host, username, password } = new URL(url)
  const target = new URL(url)
  target.username = ''
  target.password = ''
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (username || password) {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  }

  async function send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown> {
    let response: Response
    try {
      response = await fetch(target, {
        method: 'POST',
        headers,
        body: JSON.stringify(payload),
        signal,
        redirect: 'error',
      })
    } catch (cause) {
      throw wayFault(host, signal, cause)
    }
    if (!response.ok) {
      await response.body?.cancel()
      throw statusFault(host, response)
    }
    const text = await readBounded(host, response, signal)
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new RpcError('malformed', `${host} answered with something that is no JSON.`, { cause })
    }
  }

  return { send, close() {} }
}

function wayFault(host: string, signal: AbortSignal, cause: unknown): RpcError {
  if (signal.aborted) return new RpcError('timeout', `${host} did not answer in time.`, { cause })
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : 'connection failed'
  return new RpcError('unreachable', `${host} cannot be reached: ${reason.slice(0, 200)}.`, { cause })
}

function statusFault(host: string, response: Response): RpcError {
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after'))
    const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 300) * 1000 } : {}
    return new RpcError('rate limited', `${host} limits our requests (HTTP 429).`, wait)
  }
  const hints = response.status === 401 || response.status === 403 ? ['Check the key in the URL of this provider.'] : []
  return new RpcError('unreachable', `${host} answered with HTTP status ${response.status}.`, { hints })
}

async function readBounded(host: string, response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > answerBytesMax) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw wayFault(host, signal, cause)
  }
  if (bytes > answerBytesMax) {
    throw new RpcError('too large', `${host} answered with more than ${answerBytesMax / 1024 / 1024} MiB.`)
  }
  return Buffer.concat(chunks).toString('utf8')
}
