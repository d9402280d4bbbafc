import type { Abi } from 'viem'
import { parseAbi } from 'viem'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import { checkTraces } from './checkTraces.ts'
import { findPausers } from './findPausers.ts'
import { inspectContracts } from './inspectContracts.ts'
import { keepTrue } from './keepTrue.ts'
import { mapDependencies } from './mapDependencies.ts'
import { type NamedFacts, nameContracts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'
import { proposeMonitors } from './proposeMonitors.ts'
import { simulates } from './simulates.ts'
import { standardSignatures } from './standardSignatures.ts'

export type ProposedConfig = {
  header: BlockHeader
  contracts: NamedFacts[]
  /** The same as the config will hold them, by name. */
  names: ReadonlyMap<string, Contract>
  proposals: Proposal[]
  /** How many more addresses they name than were looked at. */
  left: number
}

/**
 * Looks at some addresses and proposes what to watch them by. What is proposed of their state is so now.
 * @throws {RpcError} The chain cannot be read.
 */
export async function proposeConfig(
  client: ChainClient,
  addresses: readonly Address[],
  { chain, now }: { chain: string; now: Date },
): Promise<ProposedConfig> {
  const { header, facts } = await inspectContracts(client, addresses)
  const map = await mapDependencies(client, header, facts)
  const contracts = nameContracts(
    [
      ...facts.map((each) => ({ facts: each, role: 'protected' as const })),
      ...map.facts.map((each) => ({ facts: each, role: 'dependency' as const })),
    ],
    map.pointers,
  )
  const names = new Map(contracts.map((contract) => [contract.name, modelOf(contract, chain)]))
  const pausers = await findPausers(client, header, contracts)
  const traces = (await checkTraces(client, header)).level !== 'problem'
  const proposals = proposeMonitors(contracts, {
    now: now.getTime() / 1000,
    ...{ pausers, traces },
    simulated: await simulates(client, header),
  })
  const checked = await keepTrue(client, header, proposals, names)
  return { header, contracts, names, proposals: checked, left: map.left }
}

function modelOf({ name, kind, role, facts }: NamedFacts, chain: string): Contract {
  const signatures = standardSignatures(facts)
  const abi: Abi = signatures.length > 0 ? parseAbi(signatures) : []
  return {
    name,
    chain,
    address: facts.address,
    role,
    ...(signatures.length > 0 ? { abi } : {}),
    ...(kind === null ? {} : { kind }),
  }
}
