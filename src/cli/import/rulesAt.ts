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
import type { Remarks } from './remarks.ts'
import type { ConditionSet, SourceCondition, SourceMonitor } from './sourceMonitor.ts'
import { anyOf, type TransactionLimit } from './transactionLimits.ts'

/** The rules of a set of conditions for one contract, each of which compiles. What cannot be said is remarked. */
export function rulesAt(
  place: Place,
  set: ConditionSet,
  limits: readonly TransactionLimit[],
  { name, dialect }: SourceMonitor,
  remarks: Remarks,
): ImportedRule[] {
  const { events, functions } = set
  const attempts = [
    ...events.map((source) => ({ shown: shownAs(source), rules: () => eventRules(source, limits, place) })),
    ...functions.map((source) => ({ shown: shownAs(source), rules: () => functionRules(source, limits, place) })),
  ]
  if (attempts.length === 0) attempts.push({ shown: 'transactions', rules: () => transactionRules(set, limits) })
  return attempts.flatMap(({ shown, rules }) => {
    try {
      return rules().map((rule) => {
        compileAt(place, rule)
        for (const reason of rule.deadBecause) remarks.add('dead', name, `${shown}: ${reason}.`)
        return rule
      })
    } catch (error) {
      if (!(error instanceof NotCarried || error instanceof RuleError)) throw error
      remarks.add('lost', name, `${shown}: ${error.message} ${error.hints.join(' ')}`)
      const wasDead = error instanceof NotCarried && error.wasDead && dialect === 'oz'
      if (wasDead) remarks.add('dead', name, `${shown}: ${error.message}`)
      return []
    }
  })
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
    try {
      compileAt(place, joined)
      return joined
    } catch (error) {
      if (error instanceof RuleError) return group
      throw error
    }
  })
}
