import { plugIns } from '../app/plugIns.ts'
import type { Proposal } from '../discover/proposal.ts'
import { type ProposedConfig, proposeConfig } from '../discover/proposeConfig.ts'
import { renderConfig } from '../discover/renderConfig.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Address } from '../model/chain.ts'
import { isAccepted } from './isAccepted.ts'

/** The text of a config, and what it is made of: the monitors in it are those that their detectors take. */
export type DraftConfig = Pick<ProposedConfig, 'header' | 'contracts' | 'left'> & { text: string; monitors: Proposal[] }

/**
 * Looks at some addresses and writes a config that watches them.
 * @throws {RpcError} The chain cannot be read.
 */
export async function draftConfig(
  client: ChainClient,
  addresses: readonly Address[],
  { chain, rpc, schema, now }: { chain: { id: number; name: string }; rpc: string; schema: string | null; now: Date },
): Promise<DraftConfig> {
  const { header, contracts, names, proposals, left } = await proposeConfig(client, addresses, {
    chain: chain.name,
    now,
  })
  const monitors = proposals.filter((proposal) => isAccepted(proposal, { names, chain }, plugIns.detectors))
  const text = renderConfig({ chain, rpc, schema, block: header.number, contracts, proposals: monitors })
  return { header, contracts, left, text, monitors }
}
