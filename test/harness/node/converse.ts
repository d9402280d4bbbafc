import { headerOf } from './answer.ts'
import type { newFaults } from './faults.ts'
import { type Journal, noteCall } from './journal.ts'
import { type Answerer, answerText, errorBody, parseCalls, parseError, RpcError } from './jsonRpc.ts'
import type { NodeChain } from './nodeChain.ts'
import type { Socket } from './webSocket.ts'

/** One WebSocket: calls as over HTTP, and subscriptions to new heads. */
export function converse(
  socket: Socket,
  envelope: Answerer,
  chain: NodeChain,
  faults: ReturnType<typeof newFaults>,
  requests: Journal,
): void {
  const subscriptions = new Map<string, () => void>()
  let lastId = 0
  const subscribe = (kind: unknown): unknown => {
    if (kind !== 'newHeads') throw new RpcError(-32602, `no subscription "${String(kind)}"`)
    const subscription = `0x${(++lastId).toString(16)}`
    const stop = chain.onHead((block) => {
      const fault = faults.heads()
      if (fault === 'muteHeads') return
      const result = headerOf(block.block)
      const notices = fault === 'strangeHeads' ? strangeHeads(result) : [result]
      for (const notice of notices) {
        const params = { subscription, result: notice }
        socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
      }
    })
    subscriptions.set(subscription, stop)
    return subscription
  }
  const unsubscribe = (subscription: unknown): boolean => {
    subscriptions.get(String(subscription))?.()
    return subscriptions.delete(String(subscription))
  }
  const answerCall: Answerer = (call) => {
    const { id, method, params } = call
    if (method !== 'eth_subscribe' && method !== 'eth_unsubscribe') return envelope(call)
    noteCall(requests, method, params)
    try {
      const result = method === 'eth_subscribe' ? subscribe(params[0]) : unsubscribe(params[0])
      return JSON.stringify({ jsonrpc: '2.0', id, result })
    } catch (error) {
      return JSON.stringify({ jsonrpc: '2.0', id, error: errorBody(error) })
    }
  }
  socket.onText((text) => {
    const parsed = parseCalls(text)
    if (!parsed) return socket.send(parseError)
    const fault = faults.transport(parsed.calls.map(({ method }) => method))
    if (fault?.kind === 'hang' || fault?.kind === 'drip') return
    if (fault?.kind === 'drop' || fault?.kind === 'status') return socket.destroy()
    if (fault?.kind === 'oversized') return socket.send(`"${'aa'.repeat(fault.megabytes * 512 * 1024)}"`)
    const answered = answerText(parsed, answerCall, fault?.kind === 'mixedIds' ? fault.as : undefined)
    if (fault?.kind === 'slow') setTimeout(() => socket.send(answered), fault.delayMs)
    else socket.send(fault?.kind === 'malformed' ? answered.slice(0, -5) : answered)
  })
  socket.onClose(() => {
    for (const stop of subscriptions.values()) stop()
  })
}

/** A head of the far future, one whose number is no number, and nothing at all. */
function strangeHeads(header: ReturnType<typeof headerOf>): unknown[] {
  return [{ ...header, number: '0xffffffff' }, { ...header, number: 'soon' }, null, { removed: true }]
}
