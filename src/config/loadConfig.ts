import { dirname, relative, resolve } from 'node:path'
import { z } from 'zod'
import type { AnyChannel } from '../model/channel.ts'
import type { Contract } from '../model/contract.ts'
import type { AnyDetector } from '../model/detector.ts'
import type { Inhibition, Matcher, Route } from '../model/route.ts'
import { severities } from '../model/severity.ts'
import { buildMonitors } from './buildMonitors.ts'
import type { ChainConfig, ChannelConfig, Config } from './config.ts'
import { defaultMonitors } from './defaultMonitors.ts'
import { knownChains } from './knownChains.ts'
import { loadAbi } from './loadAbi.ts'
import { ConfigError, type Problem } from './problem.ts'
import { type Path, readYaml } from './readYaml.ts'
import { createReport, didYouMean, type Report } from './report.ts'
import { type ConfigFile, configSchema, type MatcherChoice } from './schema.ts'

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
  const report = createReport(yaml, problems)
  const parsed = yaml.value === undefined ? undefined : configSchema.safeParse(yaml.value)
  if (parsed?.success === false) report.issues([], parsed.error.issues)
  const config = parsed?.success ? compile(parsed.data, file, dirname(resolve(path)), plugIns, report) : undefined
  if (problems.length > 0 || !config) throw new ConfigError(file, problems)
  return { ...config, placeOf: yaml.placeOf }
}

function compile(
  given: ConfigFile,
  file: string,
  folder: string,
  plugIns: PlugIns,
  report: Report,
): Omit<Config, 'placeOf'> {
  const chains = Object.entries(given.chains).map(([name, chain]) => chainOf(name, chain))
  const byName = new Map(chains.map((chain) => [chain.name, chain]))
  for (const [name, { id }] of Object.entries(given.chains)) {
    const twin = chains.find((chain) => chain.id === id && chain.name !== name)
    if (twin && twin.name < name)
      report(['chains', name, 'id'], `Chains \`${twin.name}\` and \`${name}\` have the same id ${id}.`)
  }
  const contracts = contractsOf(given, byName, folder, report)
  const world = { detectors: plugIns.detectors, contracts, chains: byName, resolveAfter: given.alerts.resolveAfter }
  const { monitors, shown } = buildMonitors(given.monitors ?? defaultMonitors, world, report)
  const names: Names = {
    monitors: [...Object.keys(given.monitors ?? defaultMonitors), 'tocsin'],
    detectors: [...plugIns.detectors.keys(), 'tocsin'],
    contracts: contracts.map(({ name }) => name),
    chains: chains.map(({ name }) => name),
    channels: Object.keys(given.channels),
  }
  return {
    file,
    protocol: given.protocol,
    chains,
    contracts,
    monitors,
    shown,
    channels: channelsOf(given, plugIns.channels, report),
    routes: routesOf(given, names, report),
    inhibitions: given.inhibit.map(({ when, mute, equal }, index): Inhibition => {
      const path = ['inhibit', index]
      return {
        when: matcherOf(when, [...path, 'when'], names, report),
        mute: matcherOf(mute, [...path, 'mute'], names, report),
        equal,
      }
    }),
    updateEverySeconds: given.alerts.updateEvery,
    console: given.console,
    heartbeat: given.heartbeat
      ? {
          url: given.heartbeat.url,
          everySeconds: given.heartbeat.every,
          allowPrivate: given.heartbeat.allowPrivateAddress,
        }
      : null,
    retention: { findingsSeconds: given.retention.findings, messagesSeconds: given.retention.messages },
  }
}

function chainOf(name: string, chain: ConfigFile['chains'][string]): ChainConfig {
  const known = knownChains.get(chain.id) ?? unknownChain
  return {
    name,
    id: chain.id,
    rpc: chain.rpc,
    confirmations: chain.confirmations ?? known.confirmations,
    finalityDepth: chain.finalityDepth,
    startAt: chain.startAt,
    pollMs: chain.poll === undefined ? pollMsDefault : chain.poll * 1000,
    blindAfterMs: chain.blindAfter * 1000,
    staleAfterMs: chain.staleAfter * 1000,
    explorer: (chain.explorer ?? known.explorer)?.replace(/\/$/, '') ?? null,
  }
}

function contractsOf(
  given: ConfigFile,
  chains: ReadonlyMap<string, ChainConfig>,
  folder: string,
  report: Report,
): Contract[] {
  const only = chains.size === 1 ? [...chains.keys()][0] : undefined
  return Object.entries(given.contracts).flatMap(([name, { chain = only, address, abi, kind, role }]) => {
    if (chain === undefined) {
      report(
        ['contracts', name],
        `Contract \`${name}\` does not say on which chain it stands.`,
        `Add \`chain:\`. ${didYouMean('', chains.keys())}`,
      )
      return []
    }
    if (!chains.has(chain)) {
      report(['contracts', name, 'chain'], `There is no chain \`${chain}\`.`, didYouMean(chain, chains.keys()))
      return []
    }
    try {
      const items = abi === undefined ? {} : { abi: loadAbi(abi, folder) }
      return [{ name, chain, address, role, ...items, ...(kind === undefined ? {} : { kind }) }]
    } catch (error) {
      report(['contracts', name, 'abi'], error instanceof Error ? error.message : String(error))
      // Kept without its ABI, so that what refers to it is checked as well.
      return [{ name, chain, address, role }]
    }
  })
}

function channelsOf(given: ConfigFile, known: ReadonlyMap<string, AnyChannel>, report: Report): ChannelConfig[] {
  return Object.entries(given.channels).flatMap(([name, { use, options }]) => {
    const channel = known.get(use)
    if (!channel) {
      report(['channels', name, 'use'], `There is no channel of kind \`${use}\`.`, didYouMean(use, known.keys()))
      return []
    }
    const parsed = channel.options.safeParse(options)
    if (parsed.success) return [{ name, channel, options: parsed.data }]
    report.issues(['channels', name, 'options'], parsed.error.issues)
    return []
  })
}

type Names = Record<'monitors' | 'detectors' | 'contracts' | 'chains' | 'channels', readonly string[]>

/** Where the config has no routes, every channel hears of everything that is more than information. */
function routesOf(given: ConfigFile, names: Names, report: Report): Route[] {
  if (!given.routes)
    return [{ match: { severities: severities.filter((severity) => severity !== 'info') }, notify: names.channels }]
  return given.routes.map(({ match, notify }, index) => {
    for (const [position, channel] of notify.entries()) {
      if (names.channels.includes(channel)) continue
      report(
        ['routes', index, 'notify', position],
        `There is no channel \`${channel}\`.`,
        didYouMean(channel, names.channels),
      )
    }
    return { match: matcherOf(match, ['routes', index, 'match'], names, report), notify }
  })
}

function matcherOf(choice: MatcherChoice, path: Path, names: Names, report: Report): Matcher {
  const matcher: Matcher = choice.severity ? { severities: choice.severity } : {}
  for (const field of ['monitor', 'detector', 'contract', 'chain'] as const) {
    const wanted = choice[field]
    if (!wanted) continue
    const known = names[`${field}s`]
    for (const name of wanted) {
      if (!known.includes(name)) report([...path, field], `There is no ${field} \`${name}\`.`, didYouMean(name, known))
    }
    Object.assign(matcher, { [`${field}s`]: wanted })
  }
  return matcher
}

/** JSON Schema of the config file, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, { type: 'string', pattern: '^(env|file):' })
    },
  })
}
