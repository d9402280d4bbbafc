import { dirname, relative, resolve } from 'node:path'
import type { AnyChannel } from '../model/channel.ts'
import type { AnyDetector } from '../model/detector.ts'
import { addPrices, chainPricesOf } from './addPrices.ts'
import { buildMonitors } from './buildMonitors.ts'
import { buildRoutes } from './buildRoutes.ts'
import type { ChainConfig, ChannelConfig, Config } from './config.ts'
import { contractsOf, type KnownContract } from './contractsOf.ts'
import { defaultMonitors } from './defaultMonitors.ts'
import { knownChains } from './knownChains.ts'
import { parseSections, type Sections } from './parseSections.ts'
import { ConfigError, type Problem } from './problem.ts'
import { readYaml } from './readYaml.ts'
import { createReport, didYouMean, type Report } from './report.ts'

export type PlugIns = { detectors: ReadonlyMap<string, AnyDetector>; channels: ReadonlyMap<string, AnyChannel> }

const pollMsDefault = 1000
const unknownChain = { explorer: null, confirmations: 2 }

/**
 * Reads a config file, checks it and compiles what it names. Asks no chain.
 * @throws {ConfigError} Everything that is wrong in it, at once.
 * @throws {KnownError} It cannot be read.
 */
export function loadConfig(path: string, plugIns: PlugIns, env: NodeJS.ProcessEnv = process.env): Config {
  const file = relative(process.cwd(), resolve(path)) || path
  const yaml = readYaml(resolve(path), env)
  const problems: Problem[] = [...yaml.problems]
  if (yaml.value === undefined) throw new ConfigError(file, problems)
  const report = createReport(yaml, problems)
  const sections = parseSections(yaml.value, report)
  const config = sections && compile(sections, dirname(resolve(path)), plugIns, report)
  if (problems.length > 0 || !config) throw new ConfigError(file, problems)
  return { ...config, file, placeOf: yaml.placeOf }
}

function compile(given: Sections, folder: string, plugIns: PlugIns, report: Report): Omit<Config, 'placeOf' | 'file'> {
  const chains = chainsOf(given, report)
  const contracts = contractsOf(given, folder, report)
  addPrices(given, contracts, report)
  const monitors = given.monitors ?? { entries: defaultMonitors, names: Object.keys(defaultMonitors) }
  const good = contracts.filter(({ isWrong }) => !isWrong)
  const { heartbeat, retention } = given
  return {
    protocol: given.protocol,
    chains,
    contracts: good.map(({ contract }) => contract),
    ...buildMonitors(monitors.entries, worldOf(given, { chains, contracts, plugIns }, report), report),
    channels: channelsOf(given, plugIns.channels, report),
    hasDefaults: given.monitors === undefined,
    ...buildRoutes(given, { monitors: monitors.names, detectors: [...plugIns.detectors.keys()] }, report),
    updateEverySeconds: given.alerts.updateEvery,
    console: given.console,
    heartbeat: heartbeat
      ? { url: heartbeat.url, everySeconds: heartbeat.every, allowPrivate: heartbeat.allowPrivateAddress }
      : null,
    retention: { findingsSeconds: retention.findings, messagesSeconds: retention.messages },
  }
}

function worldOf(
  given: Sections,
  { chains, contracts, plugIns }: { chains: ChainConfig[]; contracts: KnownContract[]; plugIns: PlugIns },
  report: Report,
) {
  const byName = new Map(
    chains.map(({ id, name }) => [name, { id, name, ...chainPricesOf(name, given, contracts, report) }]),
  )
  return { detectors: plugIns.detectors, contracts, chains: byName, resolveAfter: given.alerts.resolveAfter }
}

function chainsOf({ chains }: Sections, report: Report): ChainConfig[] {
  const names = new Map<number, string>()
  return Object.entries(chains.entries).map(([name, chain]) => {
    const twin = names.get(chain.id)
    if (twin) report(['chains', name, 'id'], `Chains \`${twin}\` and \`${name}\` have the same id ${chain.id}.`)
    names.set(chain.id, name)
    if (chain.quorum > chain.rpc.length) {
      const hint = 'Add providers to `rpc`, best of different operators, or lower `quorum`.'
      report(['chains', name, 'quorum'], `${chain.quorum} of ${chain.rpc.length} providers can never agree.`, hint)
    }
    const known = knownChains.get(chain.id) ?? unknownChain
    return {
      name,
      id: chain.id,
      rpc: chain.rpc,
      confirmations: chain.confirmations ?? known.confirmations,
      finalityDepth: chain.finalityDepth,
      quorum: chain.quorum,
      verify: chain.verify,
      headerFields: chain.headerFields,
      startAt: chain.startAt,
      lookBack: chain.lookBack,
      pollMs: chain.poll === undefined ? pollMsDefault : chain.poll * 1000,
      blindAfterMs: chain.blindAfter * 1000,
      staleAfterMs: chain.staleAfter * 1000,
      explorer: (chain.explorer ?? known.explorer)?.replace(/\/$/, '') ?? null,
    }
  })
}

function channelsOf({ channels }: Sections, known: ReadonlyMap<string, AnyChannel>, report: Report): ChannelConfig[] {
  return Object.entries(channels.entries).flatMap(([name, { use, options: given }]) => {
    const channel = known.get(use)
    if (!channel) {
      report(
        ['channels', name, 'use'],
        `There is no kind of channel \`${use.slice(0, 80)}\`.`,
        didYouMean(use, known.keys()),
      )
      return []
    }
    const options = report.check(['channels', name, 'options'], given, channel.options)
    return options === undefined ? [] : [{ name, channel, options }]
  })
}
