import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { httpPoster } from './httpPoster.ts'
import { RpcError } from './rpcError.ts'
import { answerBytesMax, type RpcRequest, type Transport } from './transport.ts'

const unpack = promisify(gunzip)
/** What is unpacked at a time, in bytes: in small pieces a whole block takes long. */
const unpackedBytes = 512 * 1024

/** JSON-RPC over HTTP POST. */
export function httpTransport(url: string): Transport {
  const { host } = new URL(url)
  const poster = httpPoster(url)

  async function send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown> {
    let response: IncomingMessage
    try {
      response = await poster.post(JSON.stringify(payload), signal)
    } catch (cause) {
      throw wayFault(host, signal, cause)
    }
    const status = response.statusCode ?? 0
    if (!mayHoldAnswer(status)) {
      response.destroy()
      throw statusFault(host, response)
    }
    const body = await readBounded(host, response, signal)
    const answer = parse(await unpacked(host, body, response.headers['content-encoding']?.toLowerCase()))
    if (!isOk(status) && !isJsonRpcError(answer)) throw statusFault(host, response)
    if (answer === undefined) {
      const hints = ['Is this the URL of an RPC provider, with its path and key?']
      throw new RpcError('malformed', `${host} answered with something that is no JSON.`, { hints })
    }
    return answer
  }

  return { send, close: () => poster.close() }
}

const isOk = (status: number): boolean => status >= 200 && status < 300

/** Some providers refuse a request by a status of 4xx with a JSON-RPC error in the body, which says more. */
function mayHoldAnswer(status: number): boolean {
  return isOk(status) || (status >= 400 && status < 500 && ![401, 403, 429].includes(status))
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
  return new RpcError('unreachable', `${host} cannot be reached: ${reasonOf(cause)}.`, { cause })
}

/** Where several addresses of a host were tried in vain, there is a code and no message. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'connection failed'
  const code = 'code' in cause ? String(cause.code) : 'connection failed'
  return (cause.message || code).slice(0, 200)
}

function statusFault(host: string, { statusCode: status = 0, headers }: IncomingMessage): RpcError {
  if (status === 429) {
    const seconds = Number(headers['retry-after'])
    const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 300) * 1000 } : {}
    return new RpcError('rate limited', `${host} limits our requests (HTTP 429).`, wait)
  }
  if (status >= 300 && status < 400) {
    const message = `${host} sends us elsewhere (HTTP status ${status}), and what is meant for it goes nowhere else.`
    return new RpcError('unreachable', message, { hints: ['Set `rpc` to the URL to which this one leads.'] })
  }
  const hints = status === 401 || status === 403 ? ['Check the key in the URL of this provider.'] : []
  return new RpcError('unreachable', `${host} answered with HTTP status ${status}.`, { hints })
}

/** By its events: to be asked for each chunk costs as much as to take it. */
function readBounded(host: string, response: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let bytes = 0
  response
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > answerBytesMax) response.destroy(tooLarge(host))
      else chunks.push(chunk)
    })
    .on('end', () => resolve(Buffer.concat(chunks, bytes)))
    .on('error', (cause) => reject(cause instanceof RpcError ? cause : wayFault(host, signal, cause)))
  return promise
}

async function unpacked(host: string, body: Buffer, encoding = 'identity'): Promise<string> {
  if (encoding === 'identity') return body.toString('utf8')
  if (encoding !== 'gzip') {
    throw new RpcError(
      'malformed',
      `${host} answered in the encoding ${encoding.slice(0, 60)}, and was asked for gzip.`,
    )
  }
  try {
    const plain = await unpack(body, { maxOutputLength: answerBytesMax, chunkSize: unpackedBytes })
    return plain.toString('utf8')
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(host)
    throw new RpcError('malformed', `${host} answered with something that is no gzip.`, { cause })
  }
}

function tooLarge(host: string): RpcError {
  return new RpcError('too large', `${host} answered with more than ${answerBytesMax / 1024 / 1024} MiB.`)
}
