import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { Block, BlockHeader } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { type ContractVerdict, checkContract } from './checkContract.ts'
import { checkProvider, type Need, type ProviderCheck } from './checkProvider.ts'
import { checkTraces } from './checkTraces.ts'
import { measureBlocks } from './measureBlocks.ts'
import { measureReceipts, type ReceiptsWanted } from './measureReceipts.ts'
import { problem, type Verdict } from './verdict.ts'

export type ChainToCheck = {
  id: number
  staleAfterMs: number
  /** A client for each provider alone, in the order of the config. */
  providers: readonly ChainClient[]
  contracts: readonly Contract[]
  /** What the detectors of its monitors need. */
  needs: ReadonlySet<Need>
  /** Whether any of them wants the receipts of a block. */
  wantsReceipts(block: Block): boolean
}

/** What a verdict is about: a provider by its place, a field of a contract by its name, or a monitor by its name. */
export type About = { provider: number } | { contract: string; at: ContractVerdict['at'] } | { monitor: string }

export type ChainReport = {
  verdicts: (Verdict & { about: About })[]
  /** By the newest block of the first provider that answers; null where none does. */
  newest: BlockHeader | null
  /** By the times of the last blocks; null where they cannot tell. */
  blocksPerDay: number | null
  /** How many of the last blocks the monitors want the receipts of; null where that cannot be told. */
  receipts: ReceiptsWanted | null
}

const atOnce = 8

/** Whether a chain can be watched as it is meant: its providers, and the contracts as far as the chain shows them. */
export async function checkChain(chain: ChainToCheck, now: Date): Promise<ChainReport> {
  const checks = await inParallel(chain.providers, atOnce, (client) => checkProvider(client, { ...chain, now }))
  const traces = chain.needs.has('traces') ? await checkAllTraces(chain, checks) : []
  const verdicts: ChainReport['verdicts'] = checks.flatMap((check, provider) =>
    [...check.verdicts, ...(traces[provider] ?? [])].map((verdict) => ({ ...verdict, about: { provider } })),
  )
  const working = checks.findIndex(({ header }) => header !== null)
  const client = chain.providers[working]
  const { header: newest = null, receiptsAtOnce = true } = checks[working] ?? {}
  if (!client || !newest) return { verdicts, newest: null, blocksPerDay: null, receipts: null }
  const contracts = await checkContracts(chain, client, working)
  const blocksPerDay = await measureBlocks(client, newest)
  return {
    verdicts: [...verdicts, ...contracts],
    newest,
    blocksPerDay,
    receipts: blocksPerDay
      ? await measureReceipts(client, { newest, blocksPerDay, receiptsAtOnce }, chain.wantsReceipts)
      : null,
  }
}

/** By provider. One that gives traces is enough: who cannot is passed over. */
async function checkAllTraces({ providers }: ChainToCheck, checks: readonly ProviderCheck[]): Promise<Verdict[][]> {
  const verdicts = await Promise.all(
    checks.map(async ({ header }, index) => (header ? [await checkTraces(providers[index]!, header)] : [])),
  )
  if (!verdicts.flat().some(({ level }) => level === 'ok')) return verdicts
  return verdicts.map((own) => own.map((each) => (each.level === 'problem' ? { ...each, level: 'note' } : each)))
}

async function checkContracts(
  { contracts }: ChainToCheck,
  client: ChainClient,
  provider: number,
): Promise<ChainReport['verdicts']> {
  try {
    const { facts } = await inspectContracts(
      client,
      contracts.map(({ address }) => address),
    )
    return contracts.flatMap((contract, index) =>
      checkContract(contract, facts[index]!).map(({ at, ...verdict }) => ({
        ...verdict,
        about: { contract: contract.name, at },
      })),
    )
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return [{ ...problem(`The contracts could not be looked at: ${error.message}`), about: { provider } }]
  }
}
