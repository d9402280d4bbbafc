import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { LookupFunction } from 'node:net'
import { KnownError } from '../model/error.ts'
import { resolveHost } from './resolveHost.ts'

export type FetchRequest = {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Uint8Array
  signal?: AbortSignal
  /** For the whole exchange, from the name to the last byte. Default: 10 seconds. */
  timeoutMs?: number
  /** Default: 64 KiB. What comes after it is not read. */
  maxBodyBytes?: number
  /** Lets the host be this machine or one of our own network. Default: false. */
  allowPrivate?: boolean
}

export type FetchAnswer = {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** The body was longer than `maxBodyBytes`, or broke off after the status had come. */
  truncated: boolean
}

const maxUrlLength = 4096
const maxHeaderBytes = 16 * 1024

/**
 * One HTTP exchange with a URL that a user gave. It goes to a public address only, follows no redirect (an answer of
 * 3xx is an answer), and honours no proxy of the environment, as a proxy would resolve the name once more.
 *
 * @returns The answer, whatever its status.
 * @throws {KnownError} `invalid`: the URL or a header. `forbidden`: a private address. `unavailable` and retryable: no
 * answer. It names the host, never the URL, which may hold a secret.
 */
export async function guardedFetch(address: string, options: FetchRequest = {}): Promise<FetchAnswer> {
  const url = checkedUrl(address)
  const timeoutMs = options.timeoutMs ?? 10_000
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    signal.throwIfAborted()
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const lookup = await abortable(resolveHost(host, { allowPrivate: options.allowPrivate ?? false }), signal)
    const response = await send(url, options, lookup, signal)
    return await read(response, options.maxBodyBytes ?? 64 * 1024)
  } catch (cause) {
    if (cause instanceof KnownError) throw cause
    if (timeout.aborted) throw unavailable(`${url.host} gave no answer within ${timeoutMs / 1000} seconds.`, cause)
    if (signal.aborted) throw unavailable(`The request to ${url.host} was broken off.`, cause)
    throw unavailable(`${url.host} could not be reached (${errorCode(cause)}).`, cause)
  }
}

function checkedUrl(address: string): URL {
  const url = address.length <= maxUrlLength ? URL.parse(address) : null
  if (!url) throw invalid(`The address is no URL of at most ${maxUrlLength} characters.`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(`The URL of ${url.host || 'no host'} starts with ${url.protocol}, not with https: or http:.`)
  }
  if (url.username || url.password) throw invalid(`The URL of ${url.host} holds a user name or a password.`)
  return url
}

function send(url: URL, options: FetchRequest, lookup: LookupFunction, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const body = options.body ?? ''
  const request = url.protocol === 'https:' ? requestTls : requestPlain
  try {
    request(url, {
      method: options.method ?? 'GET',
      headers: {
        'user-agent': 'tocsin',
        ...options.headers,
        ...(options.method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}),
      },
      lookup,
      signal,
      agent: false,
      maxHeaderSize: maxHeaderBytes,
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body)
  } catch (cause) {
    // Node names the header here, never its value.
    throw invalid(`A header for ${url.host} is not valid (${errorCode(cause)}).`)
  }
  return promise
}

/** A body that breaks off keeps its status: the other side has acted on the request already. */
async function read(response: IncomingMessage, maxBytes: number): Promise<FetchAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  let truncated = false
  try {
    for await (const chunk of response) {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) break
    }
  } catch {
    truncated = true
  } finally {
    response.destroy()
  }
  const body = Buffer.concat(chunks).subarray(0, maxBytes)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    truncated: truncated || length > maxBytes,
  }
}

/** Name resolution cannot be cancelled, so it is left behind. */
function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop))
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'connection error'
}

function invalid(message: string): KnownError {
  return new KnownError('invalid', message)
}

function unavailable(message: string, cause: unknown): KnownError {
  return new KnownError('unavailable', message, { cause, retryable: true })
}
