import { openClient } from '../../app/openClient.ts'
import type { ChainConfig, Config } from '../../config/config.ts'
import { fetchHeader } from '../../evm/fetchBlock.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { ProviderStatus } from '../../model/status.ts'

export type DescribedChain = {
  name: string
  id: number
  staleAfterSeconds: number
  /** `secondsOld`: how far our clock is past its newest block; negative where our clock is behind. */
  providers: (ProviderStatus & { secondsOld: number | null })[]
}

const atOnce = 8

/** Asks every provider once for its newest block. */
export function describeChains({ chains }: Config): Promise<DescribedChain[]> {
  return inParallel(chains, atOnce, async (chain) => ({
    name: chain.name,
    id: chain.id,
    staleAfterSeconds: chain.staleAfterMs / 1000,
    providers: await Promise.all(chain.rpc.map((_, index) => describeProvider(chain, index))),
  }))
}

async function describeProvider(chain: ChainConfig, index: number): Promise<DescribedChain['providers'][number]> {
  const client = openClient({ ...chain, rpc: chain.rpc.slice(index, index + 1) })
  try {
    const header = await fetchHeader(client, 'latest')
    const secondsOld = header ? Math.round(Date.now() / 1000 - header.timestamp) : null
    return { ...client.providers()[0]!, secondsOld }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { ...client.providers()[0]!, secondsOld: null, lastError: error.message }
  } finally {
    client.close()
  }
}
