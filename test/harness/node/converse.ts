import { headerOf } from './answer.ts'
import type { newFaults } from './faults.ts'
import { type Journal, noteCall } from './journal.ts'
import { type Answerer, errorBody, parseCalls, parseError, RpcError } from './jsonRpc.ts'
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
      if (faults.mutesHeads()) return
      const params = { subscription, result: headerOf(block.block) }
      socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
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
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'drop') return socket.destroy()
    const answers = parsed.calls.map(answerCall)
    const answered = parsed.batch ? `[${answers.join(',')}]` : answers.join('')
    socket.send(fault?.kind === 'malformed' ? answered.slice(0, -5) : answered)
  })
  socket.onClose(() => {
    for (const stop of subscriptions.values()) stop()
  })
}
