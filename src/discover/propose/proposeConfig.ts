import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { checkTraces } from '../check/checkTraces.ts'
import { simulates } from '../check/simulates.ts'
import { whyNonePending } from '../check/whyNonePending.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { type NamedFacts, nameContracts } from '../facts/nameContracts.ts'
import { findAsked } from '../find/findAsked.ts'
import { findEntries } from '../find/findEntries.ts'
import { findItemEntries } from '../find/findItemEntries.ts'
import { findKeyLists } from '../find/findKeyLists.ts'
import { findOraclePrices } from '../find/findOraclePrices.ts'
import { findPausers } from '../find/findPausers.ts'
import { findRecords } from '../find/findRecords.ts'
import { findRights } from '../find/findRights.ts'
import { findSafeguards } from '../find/findSafeguards.ts'
import { findSettings } from '../find/findSettings.ts'
import { findSource, type SourceReading } from '../find/findSource.ts'
import { findTokenEntries } from '../find/findTokenEntries.ts'
import { abiOf } from './abiOf.ts'
import { isKin } from './isKin.ts'
import { keepTrue } from './keepTrue.ts'
import { mapDependencies } from './mapDependencies.ts'
import type { Proposal } from './proposal.ts'
import { proposeMonitors } from './proposeMonitors.ts'
import { proposeTokenPrices, type TokenPrices } from './proposeTokenPrices.ts'

export type ProposedConfig = {
  header: BlockHeader
  contracts: NamedFacts[]
  /** The same as the config will hold them, by name. */
  names: ReadonlyMap<string, Contract>
  proposals: Proposal[]
  /** How tokens are priced, as the config writes it. */
  prices: TokenPrices
  /** How many more addresses they name than were looked at. */
  left: number
}

const sourcesAtOnce = 4

/**
 * Looks at some addresses and proposes what to watch them by. What is proposed of their state is so now.
 * @throws {RpcError} The chain cannot be read.
 * @throws {KnownError} The repository of sources cannot be asked.
 */
export async function proposeConfig(
  client: ChainClient,
  addresses: readonly Address[],
  { chain, now, sources }: { chain: { id: number; name: string }; now: Date; sources: SourceReading | null },
): Promise<ProposedConfig> {
  const { header, facts } = await inspectContracts(client, addresses)
  const traces = (await checkTraces(client, header)).level !== 'problem'
  const asked = traces ? await findAsked(client, header, addresses) : []
  const map = await mapDependencies(client, header, facts, asked)
  const withSource = async (each: ContractFacts) => (sources ? { ...each, ...(await findSource(each, sources)) } : each)
  const contracts = nameContracts(
    [
      ...(await inParallel(facts, sourcesAtOnce, withSource)).map((each) => ({
        facts: each,
        role: 'protected' as const,
      })),
      ...(await inParallel(map.facts, sourcesAtOnce, withSource)).map((each) => ({
        facts: each,
        role: 'dependency' as const,
      })),
    ],
    map.pointers,
  )
  const names = new Map(contracts.map((contract) => [contract.name, modelOf(contract, chain.name)]))
  const pausers = await findPausers(client, header, contracts)
  const kin = contracts.filter((each) => isKin(each, contracts)).map((each) => each.facts)
  const simulated = await simulates(client, header)
  const proposals = proposeMonitors(contracts, {
    now: now.getTime() / 1000,
    // Without the calls inside transactions nobody knows whom it paid coins.
    entries: traces ? await findEntries(client, header, facts) : new Map(),
    itemEntries: traces ? await findItemEntries(client, header, facts) : new Map(),
    tokenEntries: traces ? await findTokenEntries(client, header, facts) : new Map(),
    records: simulated ? await findRecords(client, header, facts) : new Map(),
    safeguards: await findSafeguards(client, header, contracts),
    rights: await findRights(client, header, contracts),
    keyLists: await findKeyLists(client, header, contracts),
    settings: await findSettings(client, header, [...facts, ...kin]),
    ...{ pausers, traces, simulated, asked },
    // Last of what is asked of the whole provider: from now on it may tell of every transaction that it hears of.
    pending: (await whyNonePending(client)) === null,
  })
  const checked = await keepTrue(client, header, proposals, names)
  const oracles = await findOraclePrices(client, header, contracts)
  const prices = proposeTokenPrices(contracts, { now: now.getTime() / 1000, chainId: chain.id, oracles })
  return { header, contracts, names, proposals: checked, prices, left: map.left }
}

function modelOf(contract: NamedFacts, chain: string): Contract {
  const { name, kind, role, facts } = contract
  const abi = abiOf(contract)
  const { source, proxy } = facts
  return {
    name,
    chain,
    address: facts.address,
    role,
    ...(abi.length > 0 ? { abi } : {}),
    ...(source && proxy ? { implementations: new Map([[source.of, abi]]) } : {}),
    ...(kind === null ? {} : { kind }),
  }
}
