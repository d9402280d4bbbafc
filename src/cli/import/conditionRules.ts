import type { ImportedContract } from './contractBook.ts'
import { findItem, plainSignature, selectorOf } from './findItem.ts'
import { dead, NotCarried } from './notCarried.ts'
import { type NamedItem, signatureOf } from './readAbi.ts'
import type { ConditionSet, Dialect, SourceCondition } from './sourceMonitor.ts'
import { allOf, limitFor, limitWithStatus, type TransactionLimit } from './transactionLimits.ts'
import { translateCondition } from './translateCondition.ts'
import { parametersOf } from './variables.ts'

/** A rule of ours for one contract. */
export type ImportedRule = {
  /** Such as `event Transfer`. */
  trigger: string
  /** Null: it always holds. */
  condition: string | null
  /** Tells the rules of one monitor apart in their names. */
  suffix: string
  /** The condition as it was written, for the comment. */
  origin: string
  /** What the rule is about; null: transactions or logs. */
  item: NamedItem | null
  deadBecause: readonly string[]
}

/** Where a condition is to be judged. `own`: the ABI of that monitor alone. */
export type Place = { contract: ImportedContract; own: readonly NamedItem[] | null; dialect: Dialect }

const isOverloaded = (abi: readonly NamedItem[], { type, name }: NamedItem) =>
  abi.filter((item) => item.type === type && item.name === name).length > 1

/** @throws {NotCarried} */
export function eventRules(source: SourceCondition, limits: readonly TransactionLimit[], place: Place): ImportedRule[] {
  const { contract, own, dialect } = place
  const origin = originOf('event', source)
  const limit = limitFor(limits, 'success')
  if (limit === false) throw dead('A transaction that failed leaves no events, so that this can never be.')
  const item = findItem(contract.abi, 'event', source.signature)
  if (!item) throw dead(`No ABI is given, and no standard has the event \`${source.signature.slice(0, 120)}\`.`, addAbi)
  const { condition, deadBecause } = conditionOf(source, item, dialect)
  if (dialect === 'oz' && own === null) deadBecause.push('without an ABI, OpenZeppelin Monitor decodes no event')
  else if (dialect === 'oz' && !own?.some((each) => each.type === 'event' && signatureOf(each) === signatureOf(item))) {
    deadBecause.push('the ABI that stands in this monitor lacks the event')
  }
  const trigger = `event ${calledAs(item, contract)}`
  return [{ trigger, condition: allOf([condition, hiding(item, limit)]), suffix: item.name, origin, item, deadBecause }]
}

/**
 * One rule for calls that took effect and one for those that failed, where both are meant.
 * @throws {NotCarried}
 */
export function functionRules(
  source: SourceCondition,
  limits: readonly TransactionLimit[],
  place: Place,
): ImportedRule[] {
  const { contract, dialect } = place
  const origin = originOf('function', source)
  const item = findItem(contract.abi, 'function', source.signature)
  if (!item) return [selectorRule(source, limits, origin)]
  const { condition, deadBecause } = conditionOf(source, item, dialect)
  if (dialect === 'oz' && contract.abi === null) {
    deadBecause.push('without an ABI, OpenZeppelin Monitor decodes no call')
  }
  const outcomes = [
    { outcome: 'success', word: 'call', suffix: item.name },
    { outcome: 'failure', word: 'reverted call', suffix: `${item.name}-reverted` },
  ] as const
  return outcomes.flatMap(({ outcome, word, suffix }) => {
    const limit = limitFor(limits, outcome)
    if (limit === false) return []
    const trigger = `${word} ${calledAs(item, contract)}`
    return [{ trigger, condition: allOf([condition, hiding(item, limit)]), suffix, origin, item, deadBecause }]
  })
}

/** Without an ABI a call is known by its first four bytes. */
function selectorRule(source: SourceCondition, limits: readonly TransactionLimit[], origin: string): ImportedRule {
  const selector = selectorOf(source.signature)
  if (source.expression !== null || selector === null) {
    throw dead(`No ABI is given for \`${source.signature.slice(0, 120)}\`.`, addAbi)
  }
  const condition = allOf(['tx.to == this', `tx.selector == ${selector}`, limitWithStatus(limits)])
  const suffix = plainSignature(source.signature).split('(')[0]!
  const deadBecause = ['without an ABI, OpenZeppelin Monitor decodes no call']
  return { trigger: 'transaction', condition, suffix, origin, item: null, deadBecause }
}

/**
 * A monitor without events and functions is about every transaction from or to the contract, and every other one in which
 * the contract logs something.
 */
export function transactionRules({ transactions }: ConditionSet, limits: readonly TransactionLimit[]): ImportedRule[] {
  const expressions = transactions.map(({ status, expression }) => (expression ? `${status}, ${expression}` : status))
  const origin = `transactions: ${expressions.join(' or ') || 'all'}`
  const limit = limitWithStatus(limits)
  const about = { origin, item: null, deadBecause: [] }
  const rules = [{ trigger: 'transaction', condition: limit, suffix: 'transactions', ...about }]
  if (limitFor(limits, 'success') === false) return rules
  const elsewhere = allOf(['tx.to != this', 'tx.from != this', limit])
  return [...rules, { trigger: 'log', condition: elsewhere, suffix: 'logs', ...about }]
}

function conditionOf(
  { expression }: SourceCondition,
  item: NamedItem,
  dialect: Dialect,
): { condition: string | null; deadBecause: string[] } {
  if (expression === null) return { condition: null, deadBecause: [] }
  const { text, deadBecause } = translateCondition(expression, parametersOf(item, dialect), dialect)
  return { condition: text, deadBecause }
}

/** A parameter called `tx` hides the transaction from the rule. */
function hiding(item: NamedItem, limit: string | null): string | null {
  if (limit === null || !item.inputs.some(({ name }) => name === 'tx')) return limit
  throw new NotCarried('A parameter is called `tx`, so that the rule cannot ask for the transaction.')
}

function calledAs(item: NamedItem, { abi }: ImportedContract): string {
  return abi && isOverloaded(abi, item) ? signatureOf(item) : item.name
}

/** The rule as it stands under `when`. */
export const written = ({ trigger, condition }: Pick<ImportedRule, 'trigger' | 'condition'>) =>
  condition === null ? trigger : `${trigger} if ${condition}`

const originOf = (kind: string, { signature, expression }: SourceCondition) =>
  `${kind} ${signature}${expression === null ? '' : ` if ${expression}`}`

const addAbi = 'Add the ABI of the contract, and import again.'
