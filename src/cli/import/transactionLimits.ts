import { NotCarried } from './notCarried.ts'
import type { Remarks } from './remarks.ts'
import type { SourceMonitor, SourceStatus, SourceTransaction } from './sourceMonitor.ts'
import { translateCondition } from './translateCondition.ts'
import { transactionVariables } from './variables.ts'

/** What a monitor asks of the transaction, in our rules; `condition` null: nothing. */
export type TransactionLimit = { status: SourceStatus; condition: string | null }

/** The conditions about the transaction, as far as they can be said; null where none of them can. */
export function transactionLimits(
  given: readonly SourceTransaction[],
  { name, dialect }: SourceMonitor,
  remarks: Remarks,
): TransactionLimit[] | null {
  const variables = transactionVariables(dialect)
  const limits = given.flatMap(({ status, expression }): TransactionLimit[] => {
    if (expression === null) return [{ status, condition: null }]
    try {
      const { text, deadBecause } = translateCondition(expression, variables, dialect)
      for (const reason of deadBecause) remarks.add('dead', name, `\`${expression}\`: ${reason}.`)
      return [{ status, condition: text }]
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error
      remarks.add(
        'lost',
        name,
        `The transaction condition \`${expression}\`: ${error.message} ${error.hints.join(' ')}`,
      )
      if (error.wasDead && dialect === 'oz') remarks.add('dead', name, `\`${expression}\`: ${error.message}`)
      return []
    }
  })
  return given.length > 0 && limits.length === 0 ? null : limits
}

/**
 * What of these limits holds for transactions with one outcome: null where nothing is asked of them, false where they are
 * not meant.
 */
export function limitFor(limits: readonly TransactionLimit[], outcome: 'success' | 'failure'): string | null | false {
  if (limits.length === 0) return null
  const meant = limits.filter(({ status }) => status === 'any' || status === outcome)
  if (meant.length === 0) return false
  return anyOf(meant.map(({ condition }) => condition))
}

/** For transactions of which all that is known is that they touch the contract. */
export function limitWithStatus(limits: readonly TransactionLimit[]): string | null {
  const words = { any: null, success: 'tx.status == "success"', failure: 'tx.status == "reverted"' }
  return anyOf(limits.map(({ status, condition }) => allOf([words[status], condition])))
}

/** Null is what always holds. */
export function allOf(conditions: readonly (string | null)[]): string | null {
  const asked = conditions.filter((condition) => condition !== null)
  if (asked.length < 2) return asked[0] ?? null
  return asked.map((condition) => (condition.includes(' or ') ? `(${condition})` : condition)).join(' and ')
}

/** Null is what always holds. */
export function anyOf(conditions: readonly (string | null)[]): string | null {
  if (conditions.length === 0 || conditions.includes(null)) return null
  const [only, ...others] = new Set(conditions)
  if (others.length === 0) return only!
  return [only, ...others]
    .map((condition) => (condition?.includes(' and ') ? `(${condition})` : condition))
    .join(' or ')
}
