import type { ChainConfig } from '../config/config.ts'
import { type ChainClient, createChainClient } from '../evm/rpc/chainClient.ts'
import { createProvider } from '../evm/rpc/provider.ts'

const timeoutMs = 15_000

/** The client of a chain as the config has it. Connects when it is first asked. */
export function openClient({ id: chainId, rpc }: Pick<ChainConfig, 'id' | 'rpc'>): ChainClient {
  return createChainClient(rpc.map((url) => createProvider({ url: url.reveal(), chainId, timeoutMs })))
}
