import type { Contract } from '../model/contract.ts'
import type { AnyDetector } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import type { MonitorStatus } from '../model/status.ts'
import { RuleError } from '../rules/ruleError.ts'
import { didYouMean, type Report } from './report.ts'
import type { ConfigFile } from './schema.ts'

type MonitorEntry = NonNullable<ConfigFile['monitors']>[string]
type Built = { monitors: Monitor[]; shown: MonitorStatus[] }
type Chains = ReadonlyMap<string, { name: string; id: number }>

/**
 * Compiles the monitors of the config. One whose contracts stand on several chains becomes one monitor per chain.
 * Everything that is wrong goes to `report`.
 */
export function buildMonitors(
  entries: Readonly<Record<string, MonitorEntry>>,
  world: {
    detectors: ReadonlyMap<string, AnyDetector>
    contracts: readonly Contract[]
    chains: Chains
    resolveAfter: number | null
  },
  report: Report,
): Built {
  const built: Built = { monitors: [], shown: [] }
  for (const [name, entry] of Object.entries(entries)) {
    const detector = world.detectors.get(entry.use)
    if (!detector) {
      report(
        ['monitors', name, 'use'],
        `There is no detector \`${entry.use}\`.`,
        didYouMean(entry.use, world.detectors.keys()),
      )
      continue
    }
    if (detector.when === 'required' && entry.when === undefined) {
      report(
        ['monitors', name],
        `\`${entry.use}\` needs a rule under \`when\`.`,
        'Such as `when: event Transfer if value > 1_000e18`.',
      )
      continue
    }
    if (detector.when !== 'required' && entry.when !== undefined) {
      report(['monitors', name, 'when'], `\`${entry.use}\` takes no rule under \`when\`.`)
      continue
    }
    const options = detector.options.safeParse(entry.options)
    if (!options.success) {
      report.issues(['monitors', name, 'options'], options.error.issues)
      continue
    }
    for (const [chain, targets] of Map.groupBy(
      targetsOf(name, entry, world.contracts, report),
      (target) => target.chain,
    )) {
      const place = world.chains.get(chain)
      if (place) build(built, { name, entry, detector, options: options.data, targets, chain: place }, world, report)
    }
  }
  return built
}

function targetsOf(name: string, entry: MonitorEntry, contracts: readonly Contract[], report: Report): Contract[] {
  if (!entry.on) return contracts.filter(({ role }) => role === 'protected')
  const names = contracts.map((contract) => contract.name)
  return [...new Set(entry.on)].flatMap((wanted, index) => {
    const found = contracts.find((contract) => contract.name === wanted)
    if (!found)
      report(['monitors', name, 'on', index], `There is no contract \`${wanted}\`.`, didYouMean(wanted, names))
    return found ?? []
  })
}

function build(
  built: Built,
  made: {
    name: string
    entry: MonitorEntry
    detector: AnyDetector
    options: unknown
    targets: readonly Contract[]
    chain: { name: string; id: number }
  },
  world: { contracts: readonly Contract[]; resolveAfter: number | null },
  report: Report,
): void {
  const { name, entry, detector, options, targets, chain } = made
  const names = new Map(
    world.contracts.filter((contract) => contract.chain === chain.name).map((contract) => [contract.name, contract]),
  )
  const severity = entry.severity ?? detector.severity
  try {
    const watch = detector.compile({ options, targets, when: entry.when, names, chain })
    const resolveAfterSeconds = entry.resolveAfter === undefined ? world.resolveAfter : entry.resolveAfter
    const on = targets.map((target) => target.name)
    const monitor = {
      name,
      detector: detector.id,
      chainId: chain.id,
      severity,
      mode: entry.mode,
      on,
      resolveAfterSeconds,
      watch,
    }
    if (entry.mode !== 'off') built.monitors.push(monitor)
    built.shown.push({
      name,
      detector: detector.id,
      title: detector.title,
      chainId: chain.id,
      on: targets.map(({ name, address }) => ({ name, address })),
      severity,
      mode: entry.mode,
      rule: entry.when ?? null,
    })
  } catch (error) {
    if (error instanceof RuleError) report.rule(['monitors', name], error)
    else if (error instanceof KnownError) report(['monitors', name], error.message, error.hints.join(' '))
    else throw error
  }
}
