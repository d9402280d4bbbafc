import type { Abi } from 'viem'
import { plugIns } from '../app/plugIns.ts'
import { AbiError, loadAbi } from '../config/loadAbi.ts'
import type { SourceRepository } from '../discover/find/sourceRepository.ts'
import { abiOf } from '../discover/propose/abiOf.ts'
import type { Proposal } from '../discover/propose/proposal.ts'
import { type ProposedConfig, proposeConfig } from '../discover/propose/proposeConfig.ts'
import { abiFileOf, renderConfig } from '../discover/propose/renderConfig.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Address } from '../model/chain.ts'
import { isAccepted } from './isAccepted.ts'

/** The text of a config, and what it is made of: the monitors in it are those that their detectors take. */
export type DraftConfig = Pick<ProposedConfig, 'header' | 'contracts' | 'left'> & {
  text: string
  monitors: Proposal[]
  /** What it refers to beside itself, by path from its folder. */
  files: ReadonlyMap<string, string>
}

/**
 * Looks at some addresses and writes a config that watches them.
 * @param sources Where the ABIs of verified contracts may be found.
 * @throws {RpcError} The chain cannot be read.
 * @throws {KnownError} The sources cannot be read.
 */
export async function draftConfig(
  client: ChainClient,
  addresses: readonly Address[],
  {
    chain,
    rpc,
    schema,
    now,
    sources = null,
  }: {
    chain: { id: number; name: string }
    rpc: string
    schema: string | null
    now: Date
    sources?: SourceRepository | null
  },
): Promise<DraftConfig> {
  const { header, contracts, names, proposals, prices, left } = await proposeConfig(client, addresses, {
    chain,
    now,
    sources: sources && { repository: sources, chainId: chain.id, readAbi },
  })
  const monitors = proposals.filter((proposal) => isAccepted(proposal, { names, chain }, plugIns.detectors))
  const text = renderConfig({ chain, rpc, schema, block: header.number, contracts, prices, proposals: monitors })
  const proved = contracts.filter(({ facts }) => facts.source)
  const files = new Map(
    proved.map((each) => [abiFileOf(each.name), `${JSON.stringify(abiOf(each), null, 2)}\n`] as const),
  )
  return { header, contracts, left, text, monitors, files }
}

/** Null: what stands in the metadata is no ABI. */
function readAbi(items: readonly unknown[]): Abi | null {
  try {
    return loadAbi(items, '.')
  } catch (error) {
    if (error instanceof AbiError) return null
    throw error
  }
}
