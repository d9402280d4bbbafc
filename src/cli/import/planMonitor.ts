import { type Place, written } from './conditionRules.ts'
import { NotCarried } from './notCarried.ts'
import type { Remarks } from './remarks.ts'
import { type Attempt, attemptsAt, joinRules } from './rulesAt.ts'
import type { ConditionSet, SourceMonitor } from './sourceMonitor.ts'
import { titleFrom } from './titleFrom.ts'
import { transactionLimits } from './transactionLimits.ts'
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
  /** How many more conditions may be looked at, each at each contract counted by itself. */
  allowance: { conditions: number }
  remarks: Remarks
}

/** A monitor as monitors of ours: one for each condition, and two where calls that failed are meant as well. */
export function planMonitor(source: SourceMonitor, places: readonly Place[], planning: Planning): ImportedMonitor[] {
  const { taken, remarks } = planning
  const { file, name: monitor, paused } = source
  const channels = channelsOf(source, planning)
  const messages = channels.map(({ message }) => message)
  const attempts = source.conditions.flatMap((set) => attemptsOf(set, source, places, planning))
  remarkAttempts(attempts, source, remarks)
  const rules = [...Map.groupBy(attempts, ({ place }) => place)].flatMap(([place, here]) => {
    const found = here.flatMap((attempt) => attempt.rules)
    return joinRules(found, place).map((rule) => {
      return { rule, place, title: titleFrom(messages, { item: rule.item, monitor }) }
    })
  })
  if (rules.length > 0 && messages.length > 0 && rules.every(({ title }) => title === null)) {
    remarks.add('lost', monitor, 'Its message: `title` can only name parameters, so that it speaks of all of them.')
  }
  const groups = [...Map.groupBy(rules, ({ rule, title }) => JSON.stringify([written(rule), title])).values()]
  return groups.map((group) => {
    const { rule, title } = group[0]!
    return {
      name: uniqueName(groups.length === 1 ? monitor : `${monitor}-${rule.suffix}`, taken),
      on: [...new Set(group.map(({ place }) => place.contract.name))],
      when: written(rule),
      paused,
      title,
      notify: channels.map(({ name }) => name),
      from: { file, monitor, condition: rule.origin },
    }
  })
}

function channelsOf({ name, triggers }: SourceMonitor, { channels, remarks }: Planning): ImportedChannel[] {
  return triggers.flatMap((id) => {
    const channel = channels.get(id)
    if (channel === undefined) remarks.add('lost', name, `There is no trigger ${id}.`)
    return channel ?? []
  })
}

function attemptsOf(set: ConditionSet, source: SourceMonitor, places: readonly Place[], planning: Planning): Attempt[] {
  const { remarks, allowance } = planning
  const limits = transactionLimits(set.transactions, source, remarks)
  if (limits === null) return []
  remarkStatus(set, source, remarks)
  const cost = Math.max(1, set.events.length + set.functions.length)
  const affordable = places.slice(0, Math.max(0, Math.floor(allowance.conditions / cost)))
  if (affordable.length < places.length) {
    remarks.add(
      'lost',
      source.name,
      'A part of its conditions: all monitors together have more than can be one config.',
    )
  }
  allowance.conditions -= cost * affordable.length
  return affordable.flatMap((place) => attemptsAt(place, set, limits))
}

/** A condition that only some of the contracts know is none of the others' business. */
function remarkAttempts(attempts: readonly Attempt[], { name, dialect }: SourceMonitor, remarks: Remarks): void {
  const good = new Set(attempts.flatMap(({ shown, rules }) => (rules.length > 0 ? shown : [])))
  for (const { shown, place, rules, error } of attempts) {
    for (const reason of rules.flatMap(({ deadBecause }) => deadBecause)) {
      remarks.add('dead', name, `${shown}: ${reason}.`)
    }
    if (!error) continue
    const notCarried = error instanceof NotCarried ? error : null
    if (notCarried?.isAbsent && good.has(shown)) continue
    const where = good.has(shown) ? `${shown} at ${place.contract.address}` : shown
    remarks.add('lost', name, `${where}: ${error.message} ${error.hints.join(' ')}`)
    if (notCarried?.wasDead && dialect === 'oz') remarks.add('dead', name, `${where}: ${error.message}`)
  }
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
