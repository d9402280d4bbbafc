import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, defaultState, type StateAnswer, type World } from './answer.ts'
import { converse } from './converse.ts'
import { bend, type Faults, newFaults } from './faults.ts'
import { type Journal, newJournal, noteCall } from './journal.ts'
import { type Answerer, answerText, errorBody, parseCalls, parseError, RpcError } from './jsonRpc.ts'
import { type NodeChain, nodeChain } from './nodeChain.ts'
import { befall, reply } from './reply.ts'
import type { ServedBlock } from './rpcTypes.ts'
import { serialise } from './serialised.ts'
import { acceptWebSocket, type Socket } from './webSocket.ts'

export type TestNode = {
  url: string
  wsUrl: string
  chain: NodeChain
  requests: Journal
  faults: Faults
  /** How eth_call, eth_getBalance, eth_getStorageAt and eth_getCode are answered; set it to another at any time. */
  state: StateAnswer
  /** How many WebSockets are open. */
  sockets(): number
  /** Cuts all WebSockets, as a provider that restarts does. */
  dropSockets(): void
  close(): Promise<void>
}

type Options = {
  blocks: readonly ServedBlock[]
  chainId?: number
  state?: StateAnswer
  /** For faults that come at a rate. */
  seed?: number
}

const bodyBytesMax = 32 * 1024 * 1024

/** A JSON-RPC node over HTTP and WebSocket that serves blocks given as data, on a free port of 127.0.0.1. */
export async function startNode({ blocks, chainId = 1, state = defaultState, seed = 1 }: Options): Promise<TestNode> {
  const chain = nodeChain(blocks)
  const requests = newJournal()
  const faults = newFaults(seed)
  const world: World = { chainId, chain, serialised: serialise(), state: () => node.state }
  const sockets = new Set<Socket>()

  const envelope: Answerer = ({ id, method, params }) => {
    noteCall(requests, method, params)
    const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id ?? null)}`
    try {
      const fault = faults.answer(world, method, params)
      if (fault?.kind === 'error') throw new RpcError(fault.code, fault.message, fault.data)
      const result = fault ? bend(fault, world, method, params) : answer(world, method, params)
      return result === undefined ? `${start}}` : `${start},"result":${result}}`
    } catch (error) {
      return `${start},"error":${JSON.stringify(errorBody(error))}}`
    }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    if (body === null) return response.destroy()
    requests.http += 1
    const parsed = parseCalls(body)
    requests.batchSizes.push(parsed?.calls.length ?? 0)
    if (!parsed) return reply(response, 200, parseError)
    const fault = faults.transport(parsed.calls.map(({ method }) => method))
    if (fault) befall(fault, response, (mixed) => answerText(parsed, envelope, mixed))
    else reply(response, 200, answerText(parsed, envelope))
  }
  const server = createServer((request, response) => void serve(request, response))
  server.on('upgrade', (request, stream, head) => {
    const socket = acceptWebSocket(request, stream, head)
    if (!socket) return
    sockets.add(socket)
    socket.onClose(() => sockets.delete(socket))
    converse(socket, envelope, chain, faults, requests)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const node: TestNode = {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    chain,
    requests,
    faults,
    state,
    sockets: () => sockets.size,
    dropSockets() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      node.dropSockets()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return node
}

/** Null: too long, or the asker went away in the middle. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > bodyBytesMax) return null
      chunks.push(chunk)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}
