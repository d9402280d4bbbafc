import type { Contract } from '../model/contract.ts'
import type { AnyDetector, Assignment } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import type { MonitorStatus } from '../model/status.ts'
import { RuleError } from '../rules/ruleError.ts'
import type { KnownContract } from './contractsOf.ts'
import type { Path } from './readYaml.ts'
import { didYouMean, type Report } from './report.ts'
import type { ConfigFile } from './schema.ts'

type MonitorEntry = NonNullable<ConfigFile['monitors']>[string]
type Built = { monitors: Monitor[]; shown: MonitorStatus[] }

/** What of the config monitors stand on. */
export type World = {
  detectors: ReadonlyMap<string, AnyDetector>
  contracts: readonly KnownContract[]
  chains: ReadonlyMap<string, Assignment<unknown>['chain']>
  resolveAfter: number | null
}

/** The contracts that the rules of a chain may name, shared by all of its monitors: a map for each would fill the memory. */
type Nearby = { known: readonly KnownContract[]; names: ReadonlyMap<string, Contract> }

/**
 * Compiles the monitors of the config. One whose contracts stand on several chains becomes one monitor per chain.
 * Everything that is wrong goes to `report`.
 */
export function buildMonitors(entries: Readonly<Record<string, MonitorEntry>>, world: World, report: Report): Built {
  const built: Built = { monitors: [], shown: [] }
  const nearby = new Map([...world.chains.keys()].map((chain) => [chain, nearbyOf(chain, world)]))
  for (const [name, entry] of Object.entries(entries)) {
    const path = ['monitors', name]
    const detector = world.detectors.get(entry.use)
    const isNamed = detector?.on !== undefined
    let targets = isNamed ? [] : targetsOf(name, entry.on, world, { report, at: ['on'] })
    if (!detector) {
      const hint = didYouMean(entry.use, world.detectors.keys())
      report([...path, 'use'], `There is no detector \`${entry.use.slice(0, 80)}\`.`, hint)
      continue
    }
    if (detector.when === 'required' && entry.when === undefined) {
      const hint = 'Such as `when: event Transfer if value > 1_000e18`.'
      report(path, `\`${entry.use}\` needs a rule under \`when\`.`, hint)
    } else if (detector.when !== 'required' && entry.when !== undefined) {
      report([...path, 'when'], `\`${entry.use}\` takes no rule under \`when\`.`)
    }
    if (isNamed && entry.on) {
      report([...path, 'on'], `\`${entry.use}\` takes no \`on\`.`, 'Its options name the contracts that it watches.')
    }
    const options = report.check([...path, 'options'], entry.options, detector.options)
    if (detector.on && options !== undefined) {
      targets = targetsOf(name, [...detector.on(options)], world, { report, at: ['options'] })
    }
    if (report.isWrong(path) || targets.some(({ isWrong }) => isWrong)) continue
    const byChain = Map.groupBy(targets, ({ contract }) => contract.chain)
    for (const [chain, known] of byChain) {
      const place = world.chains.get(chain)
      const near = nearby.get(chain)
      if (!place || !near) continue
      const on = known.map(({ contract }) => contract)
      build(built, { name, entry, detector, options, targets: on, chain: place, near }, world, report)
    }
  }
  return built
}

function nearbyOf(chain: string, { contracts }: World): Nearby {
  const known = contracts.filter(({ contract, isWrong }) => contract.chain === chain || isWrong)
  return { known, names: new Map(known.map(({ contract }) => [contract.name, contract])) }
}

/** The contracts under `on`, or that the options name. A monitor that watches nothing is wrong: it would be silent for ever. */
function targetsOf(
  name: string,
  on: readonly string[] | undefined,
  { contracts }: World,
  { report, at }: { report: Report; at: Path },
): KnownContract[] {
  if (!on) {
    const targets = contracts.filter(({ contract, isWrong }) => contract.role === 'protected' || isWrong)
    if (targets.length === 0 && contracts.length > 0) {
      report(['monitors', name], `\`${name}\` watches nothing: no contract is protected.`, 'Name some under `on:`.')
    }
    return targets
  }
  const names = contracts.map(({ contract }) => contract.name)
  return [...new Set(on)].flatMap((wanted) => {
    const found = contracts.find(({ contract }) => contract.name === wanted)
    const path = ['monitors', name, ...at, ...(at.includes('on') ? [on.indexOf(wanted)] : [])]
    if (!found) report(path, `There is no contract \`${wanted}\`.`, didYouMean(wanted, names))
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
    chain: Assignment<unknown>['chain']
    near: Nearby
  },
  world: World,
  report: Report,
): void {
  const { name, entry, detector, options, targets, chain, near } = made
  const about = {
    name,
    detector: detector.id,
    chainId: chain.id,
    severity: entry.severity ?? detector.severity,
    mode: entry.mode,
  }
  try {
    const anywhere = anywhereIn(world)
    const watch = detector.compile({ options, targets, when: entry.when, names: near.names, chain, anywhere })
    const usual = detector.lasting ? null : world.resolveAfter
    const resolveAfterSeconds = entry.resolveAfter === undefined ? usual : entry.resolveAfter
    const on = targets.map((target) => target.name)
    if (entry.mode !== 'off')
      built.monitors.push({ ...about, on, resolveAfterSeconds, watch, ...(detector.sign && { sign: detector.sign }) })
    const shownOn = targets.map(({ name, address }) => ({ name, address }))
    built.shown.push({ ...about, title: detector.title, on: shownOn, rule: entry.when ?? null })
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const words = error instanceof RuleError ? error.source : error.message
    // What is wrong with a contract is said there, and not once more with every rule that names it.
    if (near.known.some(({ contract, isWrong }) => isWrong && words.includes(`$${contract.name}`))) return
    if (error instanceof RuleError) report.rule(['monitors', name], error)
    else report(['monitors', name], error.message, error.hints.join(' '))
  }
}

function anywhereIn({ contracts, chains }: World): NonNullable<Assignment<unknown>['anywhere']> {
  return (name) => {
    const contract = contracts.find((known) => known.contract.name === name)?.contract
    const chain = contract && chains.get(contract.chain)
    return contract && chain && { contract, chain }
  }
}
