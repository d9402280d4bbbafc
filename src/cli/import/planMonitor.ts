import { compileRule } from '../../rules/compileRule.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { eventRules, functionRules, type ImportedRule, type Place, transactionRules } from './conditionRules.ts'
import { asContract } from './contractBook.ts'
import { NotCarried } from './notCarried.ts'
import type { Remarks } from './remarks.ts'
import type { ConditionSet, SourceMonitor } from './sourceMonitor.ts'
import { titleFrom } from './titleFrom.ts'
import { type TransactionLimit, transactionLimits } from './transactionLimits.ts'
import type { ImportedChannel } from './triggersOf.ts'
import { uniqueName } from './uniqueName.ts'

/** A monitor as our config has it. */
export type ImportedMonitor = {
  name: string
  /** Names of contracts. */
  on: string[]
  when: string
  paused: boolean
  title: string | null
  /** Names of channels. */
  notify: string[]
  from: { file: string; monitor: string; condition: string }
}

type Planning = {
  channels: ReadonlyMap<string, ImportedChannel | null>
  /** Names of monitors that are given away. */
  taken: Set<string>
  remarks: Remarks
}

/** A monitor as monitors of ours: one for each condition, and two where calls that failed are meant as well. */
export function planMonitor(source: SourceMonitor, places: readonly Place[], planning: Planning): ImportedMonitor[] {
  const { channels, taken, remarks } = planning
  const known = source.triggers.flatMap((id) => {
    const channel = channels.get(id)
    if (channel === undefined) remarks.add('lost', source.name, `There is no trigger ${id}.`)
    return channel ?? []
  })
  const rules = source.conditions.flatMap((set) => rulesOfSet(set, source, places, remarks))
  if (rules.length > 0 && known.length > 0 && rules.every(({ title }) => title === null)) {
    remarks.add('lost', source.name, 'Its message: `title` can only name parameters, so that it speaks of all of them.')
  }
  const groups = Map.groupBy(rules, ({ rule, title }) => JSON.stringify([rule.when, title]))
  return [...groups.values()].map((group) => {
    const { rule } = group[0]!
    const name = uniqueName(groups.size === 1 ? source.name : `${source.name}-${rule.suffix}`, taken)
    const on = [...new Set(group.map(({ place }) => place.contract.name))]
    const notify = [...new Set(known.map((channel) => channel.name))]
    const { title } = group[0]!
    const from = { file: source.file, monitor: source.name, condition: rule.origin }
    return { name, on, when: rule.when, paused: source.paused, title, notify, from }
  })

  function rulesOfSet(set: ConditionSet, monitor: SourceMonitor, where: readonly Place[], all: Remarks) {
    const limits = transactionLimits(set.transactions, monitor, all)
    if (limits === null) return []
    remarkStatus(set, monitor, all)
    const messages = known.map(({ message }) => message)
    return where.flatMap((place) =>
      rulesAt(place, set, limits, monitor, all).map((rule) => {
        const title = titleFrom(messages, { item: rule.item, monitor: monitor.name })
        return { rule, title, place }
      }),
    )
  }
}

function rulesAt(
  place: Place,
  set: ConditionSet,
  limits: readonly TransactionLimit[],
  { name, dialect }: SourceMonitor,
  remarks: Remarks,
): ImportedRule[] {
  const { events, functions } = set
  if (events.length + functions.length === 0) return transactionRules(set, limits)
  const attempts = [
    ...events.map((source) => ({ source, rules: () => eventRules(source, limits, place) })),
    ...functions.map((source) => ({ source, rules: () => functionRules(source, limits, place) })),
  ]
  return attempts.flatMap(({ source, rules }) => {
    const shown = `\`${source.signature}${source.expression === null ? '' : ` if ${source.expression}`}\``
    try {
      return rules().flatMap((rule) => {
        compileRule(rule.when, { target: asContract(place.contract), names: new Map() })
        for (const reason of rule.deadBecause) remarks.add('dead', name, `${shown}: ${reason}.`)
        return rule
      })
    } catch (error) {
      if (!(error instanceof NotCarried || error instanceof RuleError)) throw error
      remarks.add('lost', name, `${shown}: ${error.message} ${error.hints.join(' ')}`)
      if (error instanceof NotCarried && error.wasDead && dialect === 'oz') {
        remarks.add('dead', name, `${shown}: ${error.message}`)
      }
      return []
    }
  })
}

/** See issue 498 of openzeppelin-monitor: receipts are only read in blocks without any log. */
function remarkStatus(
  { events, functions, transactions }: ConditionSet,
  { name, dialect }: SourceMonitor,
  remarks: Remarks,
) {
  if (dialect === 'defender' && events.length > 0 && functions.length > 0) {
    remarks.add('changed', name, 'It names events and functions: each speaks for itself here.')
  }
  const isAboutOutcome = functions.length > 0 || events.length === 0
  if (dialect !== 'oz' || !isAboutOutcome) return
  const has = (wanted: string) => transactions.some(({ status }) => status === wanted)
  if (has('success')) {
    remarks.add(
      'dead',
      name,
      'Its filter on Success let failed transactions pass in each block in which anything was logged.',
    )
  }
  if (has('failure')) {
    remarks.add('dead', name, 'Its filter on Failure matched nothing in blocks in which anything was logged.')
  }
}
