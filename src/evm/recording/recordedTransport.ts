import type { RpcCall, RpcRequest, Transport } from '../rpc/transport.ts'
import type { Recording } from './recording.ts'

/** Of JSON-RPC: a resource that is not there. */
const notRecorded = -32001

/** Answers as the chain did. What it was never asked is answered by an error that says so, as nobody can know it. */
export function recordedTransport(recording: Recording): Transport {
  const reply = ({ id, ...call }: RpcRequest) => ({ jsonrpc: '2.0', id, ...answerOf(recording, call) })
  return {
    send: async (payload) => (Array.isArray(payload) ? payload.map(reply) : reply(payload)),
    close: () => undefined,
  }
}

function answerOf(recording: Recording, call: RpcCall) {
  if (call.method === 'eth_chainId') return { result: `0x${recording.chainId.toString(16)}` }
  return (
    recording.answerTo(call) ?? {
      error: { code: notRecorded, message: `${inWords(recording, call)} was not recorded` },
    }
  )
}

/** Such as "eth_call of 0x70a08231 to 0x… at block 12". */
function inWords({ numberOf }: Recording, { method, params }: RpcCall): string {
  const [first] = params
  const { to, data, blockHash } = Object.assign({}, first, params.at(-1)) as Record<string, unknown>
  const subject = typeof first === 'string' ? ` of ${first}` : ''
  const called = typeof to === 'string' && typeof data === 'string' ? ` of ${data.slice(0, 10)} to ${to}` : ''
  const at = typeof blockHash === 'string' ? ` at block ${numberOf(blockHash) ?? blockHash}` : ''
  return `${method}${subject}${called}${at}`
}
