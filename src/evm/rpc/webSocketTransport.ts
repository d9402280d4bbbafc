import { RpcError } from './rpcError.ts'
import { answerBytesMax, type RpcRequest, type Transport } from './transport.ts'

type Waiting = { resolve(answer: unknown): void; reject(error: RpcError): void }

/** JSON-RPC over one WebSocket, opened when it is needed and again after it was lost. */
export function webSocketTransport(url: string): Transport {
  const { host } = new URL(url)
  const waiting = new Map<string, Waiting>()
  const headListeners = new Set<() => void>()
  let socket: WebSocket | undefined
  let opening: Promise<WebSocket> | undefined

  function lose(reason: string): void {
    socket = undefined
    opening = undefined
    const error = new RpcError('unreachable', `The WebSocket to ${host} ${reason}.`)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function receive(text: unknown): void {
    const answer = typeof text === 'string' && text.length <= answerBytesMax ? parse(text) : undefined
    const key = keyOf(answer)
    if (answer === undefined) {
      lose('sent something that is no JSON')
    } else if (key === undefined) {
      for (const listener of headListeners) listener()
    } else {
      waiting.get(key)?.resolve(answer)
    }
  }

  function open(): Promise<WebSocket> {
    opening ??= new Promise<WebSocket>((resolve, reject) => {
      const fresh = new WebSocket(url)
      fresh.onopen = () => {
        socket = fresh
        if (headListeners.size > 0) fresh.send(JSON.stringify(subscription))
        resolve(fresh)
      }
      fresh.onmessage = ({ data }) => receive(data)
      fresh.onerror = () => reject(new RpcError('unreachable', `${host} cannot be reached by WebSocket.`))
      fresh.onclose = () => lose('was closed')
    })
    return opening
  }

  async function send(payload: RpcRequest | RpcRequest[], signal: AbortSignal): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const key = keyOf(payload) ?? ''
    const abort = () => reject(new RpcError('timeout', `${host} did not answer in time.`))
    signal.addEventListener('abort', abort, { once: true })
    try {
      const ready = socket ?? (await Promise.race([open(), promise.then(() => Promise.reject<WebSocket>(undefined))]))
      waiting.set(key, { resolve, reject })
      ready.send(JSON.stringify(payload))
      return await promise
    } finally {
      signal.removeEventListener('abort', abort)
      waiting.delete(key)
    }
  }

  function onHead(listener: () => void): void {
    headListeners.add(listener)
    if (socket) socket.send(JSON.stringify(subscription))
  }

  return { send, onHead, close: () => socket?.close() }
}

const subscription: RpcRequest = { jsonrpc: '2.0', id: 0, method: 'eth_subscribe', params: ['newHeads'] }

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The ids of a request, an answer or a batch of them. Undefined: a notice that nobody asked for, such as a new head. */
function keyOf(message: unknown): string | undefined {
  const parts = Array.isArray(message) ? message : [message]
  const ids = parts.map((part: unknown) => (part && typeof part === 'object' && 'id' in part ? Number(part.id) : NaN))
  if (ids.length === 0 || ids.some((id) => !Number.isInteger(id))) return undefined
  return String(Math.min(...ids))
}
