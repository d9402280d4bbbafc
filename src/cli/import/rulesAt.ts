import { compileRule } from '../../rules/compileRule.ts'
import { RuleError } from '../../rules/ruleError.ts'
import {
  eventRules,
  functionRules,
  type ImportedRule,
  type Place,
  transactionRules,
  written,
} from './conditionRules.ts'
import { asContract } from './contractBook.ts'
import { NotCarried } from './notCarried.ts'
import type { ConditionSet, SourceCondition } from './sourceMonitor.ts'
import { anyOf, type TransactionLimit } from './transactionLimits.ts'

/** One condition at one contract: its rules, each of which compiles, or why there are none. */
export type Attempt = { shown: string; place: Place; rules: ImportedRule[]; error: NotCarried | RuleError | null }

/** Every condition of a set at one contract. */
export function attemptsAt(place: Place, set: ConditionSet, limits: readonly TransactionLimit[]): Attempt[] {
  const { events, functions } = set
  if (events.length + functions.length === 0) {
    return [attempt('transactions', place, () => transactionRules(set, limits))]
  }
  return [
    ...events.map((source) => attempt(shownAs(source), place, () => eventRules(source, limits, place))),
    ...functions.map((source) => attempt(shownAs(source), place, () => functionRules(source, limits, place))),
  ]
}

function attempt(shown: string, place: Place, make: () => ImportedRule[]): Attempt {
  try {
    const rules = make()
    for (const rule of rules) compileAt(place, rule)
    return { shown, place, rules, error: null }
  } catch (error) {
    if (error instanceof NotCarried || error instanceof RuleError) return { shown, place, rules: [], error }
    throw error
  }
}

const shownAs = ({ signature, expression }: SourceCondition) =>
  `\`${signature}${expression === null ? '' : ` if ${expression}`}\``

/** @throws {RuleError} */
function compileAt({ contract }: Place, rule: ImportedRule): void {
  compileRule(written(rule), { target: asContract(contract), names: new Map() })
}

/**
 * Rules about the same thing at one place as one, so that what fits several of them is told once; as they are where that
 * would be too long for a rule.
 */
export function joinRules(rules: readonly ImportedRule[], place: Place): ImportedRule[] {
  const groups = Map.groupBy(rules, ({ trigger, suffix }) => JSON.stringify([trigger, suffix]))
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1) return group
    const origin = group.map((rule) => rule.origin).join(' or ')
    const joined = { ...group[0]!, condition: anyOf(group.map(({ condition }) => condition)), origin }
    const { error } = attempt('', place, () => [joined])
    return error ? group : joined
  })
}
