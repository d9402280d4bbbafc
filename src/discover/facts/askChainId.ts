import { asNumber, asObject } from '../../evm/parseHex.ts'
import { openTransport } from '../../evm/rpc/openTransport.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'

/** Which chain a provider serves, before anything else is known of it. @throws {RpcError} */
export async function askChainId(url: string, timeoutMs: number): Promise<number> {
  const transport = openTransport(url)
  try {
    const question = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] } as const
    const answer = asObject(await transport.send(question, AbortSignal.timeout(timeoutMs)), 'an answer')
    if ('result' in answer) return asNumber(answer.result, 'a chain id')
    const error =
      typeof answer.error === 'object' && answer.error && 'message' in answer.error ? answer.error.message : ''
    throw new RpcError('answered', `${new URL(url).host} does not tell its chain: ${String(error).slice(0, 200)}`)
  } finally {
    transport.close()
  }
}
