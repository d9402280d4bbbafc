import { answersPending, noticeOf, pendingQuestion, tellsPending } from './pendingSubscription.ts'
import { RpcError } from './rpcError.ts'
import {
  answerBytesMax,
  type HeadListener,
  type PendingListener,
  type RpcRequest,
  type Transport,
} from './transport.ts'

type Waiting = { resolve(answer: unknown): void; reject(error: RpcError): void; isBatch: boolean }

/** One WebSocket in its life: opening, then open, then over. */
type Line = { socket: WebSocket; opened: Promise<void>; waiting: Map<string, Waiting>; heardAt: number }

const reopenMs = 3_000

/** JSON-RPC over one WebSocket, opened when it is needed and again after it was lost. */
export function webSocketTransport(url: string): Transport {
  const { host } = new URL(url)
  const headListeners = new Set<HeadListener>()
  let pending: PendingListener | undefined
  let line: Line | undefined
  let isClosed = false

  /** Gives a line up, whatever still comes of it; the next request opens another. */
  function drop(lost: Line, reason: string): void {
    if (line === lost) line = undefined
    const error = new RpcError('unreachable', `The WebSocket to ${host} ${reason}.`)
    for (const { reject } of lost.waiting.values()) reject(error)
    lost.waiting.clear()
    lost.socket.close()
    // Nobody may ask this provider for anything, and what it tells by itself is missed meanwhile.
    if (pending && !isClosed) setTimeout(reopen, reopenMs).unref()
  }

  function reopen(): void {
    if (!isClosed) line ??= open()
  }

  function receive(from: Line, data: unknown): void {
    from.heardAt = performance.now()
    const message = typeof data === 'string' && data.length <= answerBytesMax ? parse(data) : undefined
    if (message === undefined) drop(from, 'sent something that is no JSON, or too much')
    else deliver(message, { line: from, pending, headListeners })
  }

  function open(): Line {
    return openLine(url, {
      greet(socket) {
        if (headListeners.size > 0) socket.send(JSON.stringify(subscription))
        if (pending) socket.send(pendingQuestion)
      },
      receive,
      lose: (lost) => drop(lost, 'was closed'),
    })
  }

  async function send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown> {
    if (isClosed) throw new RpcError('unreachable', `The WebSocket to ${host} was closed by us.`)
    line ??= open()
    const own = line
    // A connection that has died without a word: nothing will come of it any more.
    return ask(own, payload, { signal, host, onSilence: () => drop(own, 'fell silent') })
  }

  function onHead(listener: HeadListener): void {
    headListeners.add(listener)
    if (line?.socket.readyState === WebSocket.OPEN) line.socket.send(JSON.stringify(subscription))
  }

  function onPending(listener: PendingListener): void {
    pending = listener
    if (line?.socket.readyState === WebSocket.OPEN) line.socket.send(pendingQuestion)
    else reopen()
  }

  function close(): void {
    isClosed = true
    if (line) drop(line, 'was closed by us')
  }

  return { send, onHead, onPending, close }
}

type LineEvents = { greet(socket: WebSocket): void; receive(from: Line, data: unknown): void; lose(lost: Line): void }

function openLine(url: string, { greet, receive, lose }: LineEvents): Line {
  const socket = new WebSocket(url)
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>()
  const fresh: Line = { socket, opened, waiting: new Map(), heardAt: performance.now() }
  // Whoever waits for the line gets the error; this keeps Node from calling it unhandled where nobody waits any more.
  opened.catch(() => undefined)
  socket.onopen = () => {
    greet(socket)
    resolve()
  }
  socket.onmessage = ({ data }) => receive(fresh, data)
  socket.onclose = () => {
    reject(new RpcError('unreachable', `${new URL(url).host} cannot be reached by WebSocket.`))
    lose(fresh)
  }
  return fresh
}

/** Hands a message to whoever waits for it, or listens. */
function deliver(
  message: unknown,
  {
    line,
    pending,
    headListeners,
  }: { line: Line; pending: PendingListener | undefined; headListeners: ReadonlySet<HeadListener> },
): void {
  const key = keyOf(message)
  if (key !== undefined) {
    if (!answersPending(key, message, pending, (question) => line.socket.send(question)))
      line.waiting.get(key)?.resolve(message)
  } else if (isErrorForNobody(message)) {
    for (const { isBatch, resolve } of line.waiting.values()) if (isBatch) resolve(message)
  } else if (tellsPending(message)) {
    pending?.told(noticeOf(message))
  } else {
    for (const listener of headListeners) listener(headOf(message))
  }
}

/** @param onSilence Nothing at all was heard on the line until it was too late. */
async function ask(
  line: Line,
  payload: RpcRequest | RpcRequest[],
  { signal, host, onSilence }: { signal: AbortSignal; host: string; onSilence(): void },
): Promise<unknown> {
  const askedAt = performance.now()
  const late = Promise.withResolvers<never>()
  const abort = () => {
    late.reject(new RpcError('timeout', `${host} did not answer in time.`))
    if (line.heardAt <= askedAt) onSilence()
  }
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const key = keyOf(payload) ?? ''
  try {
    await Promise.race([late.promise, line.opened])
    const answered = Promise.withResolvers<unknown>()
    line.waiting.set(key, { ...answered, isBatch: Array.isArray(payload) })
    line.socket.send(JSON.stringify(payload))
    return await Promise.race([late.promise, answered.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    line.waiting.delete(key)
  }
}

const subscription: RpcRequest = { jsonrpc: '2.0', id: 0, method: 'eth_subscribe', params: ['newHeads'] }

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The number of the new head that a notice tells of; null: it tells of none that can be read. */
function headOf(notice: unknown): number | null {
  const { number } = Object(noticeOf(notice)) as { number?: unknown }
  if (typeof number !== 'string' || !/^0x[0-9a-f]{1,13}$/i.test(number)) return null
  return Number(number)
}

/** The ids of a request, an answer or a batch of them. Undefined: a notice that nobody asked for, such as a new head. */
function keyOf(message: unknown): string | undefined {
  const parts = Array.isArray(message) ? message : [message]
  const ids = parts.map((part: unknown) => (part && typeof part === 'object' && 'id' in part ? part.id : undefined))
  if (ids.length === 0 || !ids.every((id): id is number => typeof id === 'number')) return undefined
  // Not by spreading: a batch may have more parts than a call may have arguments.
  return String(ids.reduce((least, id) => Math.min(least, id)))
}

/** What a provider that takes no batches answers to one: it belongs to no id. */
function isErrorForNobody(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer && 'id' in answer && answer.id === null
}
