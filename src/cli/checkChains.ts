import { openClient } from '../app/openClient.ts'
import { plugIns } from '../app/plugIns.ts'
import type { ChainConfig, Config } from '../config/config.ts'
import type { Problem } from '../config/problem.ts'
import { type About, type ChainReport, checkChain } from '../discover/check/checkChain.ts'
import type { Need } from '../discover/check/checkProvider.ts'
import { note } from '../discover/check/verdict.ts'
import { traceScopeOf } from '../evm/traces/traceScopeOf.ts'
import { inParallel } from '../lib/inParallel.ts'
import { createDispatchIndex } from '../watch/dispatchIndex.ts'

export type CheckedChain = ChainReport & { chain: ChainConfig }

const chainsAtOnce = 4

/** Asks the chains of a config whether it fits them. Never throws for what a chain or a provider does. */
export async function checkChains(
  config: Config,
  now = new Date(),
): Promise<{ chains: CheckedChain[]; problems: Problem[] }> {
  const chains = await inParallel(config.chains, chainsAtOnce, (chain) => check(config, chain, now))
  const problems = chains.flatMap(({ chain, verdicts }) =>
    verdicts
      .filter(({ level }) => level === 'problem')
      .map(({ about, message, hint }): Problem => {
        const place = config.placeOf(pathOf(about, chain))
        return { ...place, message: `${subjectOf(about, chain)}: ${message}`, ...(hint ? { hint } : {}) }
      }),
  )
  return { chains, problems }
}

async function check(config: Config, chain: ChainConfig, now: Date): Promise<CheckedChain> {
  const monitors = config.monitors.filter(({ chainId }) => chainId === chain.id)
  const providers = chain.rpc.map((url) => openClient({ ...chain, rpc: [url] }))
  try {
    const report = await checkChain(
      {
        id: chain.id,
        staleAfterMs: chain.staleAfterMs,
        providers,
        contracts: config.contracts.filter((contract) => contract.chain === chain.name),
        needs: needsOf(monitors),
        wantsReceipts: createDispatchIndex(monitors).wantsReceipts,
      },
      now,
    )
    const notes = monitors.flatMap(({ name, watch }) =>
      (watch.notes ?? []).map((message) => ({ ...note(message), about: { monitor: name } })),
    )
    return { chain, ...report, verdicts: [...report.verdicts, ...notes] }
  } finally {
    for (const provider of providers) provider.close()
  }
}

/** What the detectors of some monitors need, and what their options ask for. */
function needsOf(monitors: Config['monitors']): ReadonlySet<Need> {
  const needs = new Set<Need>(monitors.flatMap(({ detector }) => plugIns.detectors.get(detector)?.needs ?? []))
  if (traceScopeOf(monitors.map(({ watch }) => watch))) needs.add('traces')
  const pending = monitors.some(({ watch }) => watch.pending)
  if (pending) needs.add('pending')
  // What is pending is tried, too.
  if (pending || monitors.some(({ watch }) => watch.simulates)) needs.add('simulation')
  return needs
}

function subjectOf(about: About, { name }: ChainConfig): string {
  if ('contract' in about) return about.contract
  return 'monitor' in about ? about.monitor : `RPC ${about.provider + 1} of ${name}`
}

function pathOf(about: About, { name, rpc }: ChainConfig): PropertyKey[] {
  if ('contract' in about) return ['contracts', about.contract, about.at]
  if ('monitor' in about) return ['monitors', about.monitor]
  return rpc.length === 1 ? ['chains', name, 'rpc'] : ['chains', name, 'rpc', about.provider]
}
