import type { ChainConfig } from '../config/config.ts'
import { type ChainClient, createChainClient } from '../evm/rpc/chainClient.ts'
import { createProvider, type Listen } from '../evm/rpc/provider.ts'
import { createVerifier } from '../evm/verify/createVerifier.ts'

const timeoutMs = 15_000

type Where = Pick<ChainConfig, 'id' | 'rpc'> & Partial<Pick<ChainConfig, 'verify' | 'headerFields'>>

/** The client of a chain as the config has it. Connects when it is first asked. */
export function openClient(
  { id: chainId, rpc, verify = 'auto', headerFields = [] }: Where,
  listen?: Listen,
): ChainClient {
  const providers = rpc.map((url) =>
    createProvider({ url: url.reveal(), chainId, timeoutMs, ...(listen && { listen }) }),
  )
  return createChainClient(providers, createVerifier({ mode: verify, headerFields }))
}
