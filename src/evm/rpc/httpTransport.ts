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
    if (!mayHoldAnswer(response)) {
      await response.body?.cancel().catch(() => undefined)
      throw statusFault(host, response)
    }
    const answer = parse(await readBounded(host, response, signal))
    if (!response.ok && !isJsonRpcError(answer)) throw statusFault(host, response)
    if (answer === undefined) throw new RpcError('malformed', `${host} answered with something that is no JSON.`)
    return answer
  }

  return { send, close() {} }
}

/** Some providers refuse a request by a status of 4xx with a JSON-RPC error in the body, which says more. */
function mayHoldAnswer({ ok, status }: Response): boolean {
  return ok || (status >= 400 && status < 500 && ![401, 403, 429].includes(status))
}

function isJsonRpcError(answer: unknown): boolean {
  if (Array.isArray(answer)) return true
  return typeof answer === 'object' && answer !== null && 'error' in answer && typeof answer.error === 'object'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
