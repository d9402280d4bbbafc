import { type Abi, decodeEventLog } from 'viem'
import type { Block, Hex, Log, Receipt } from '../../src/model/chain.ts'
import type { TokenRule } from '../tokenRules.ts'

/** What a rule said: its name and the log. */
export type NaiveFinding = { rule: string; transactionHash: Hex; position: number }

/** `abi`: as JSON text, as it stands in the config. */
export type NaiveRule = TokenRule & { abi: string }

/**
 * The straightforward design: each rule looks at each transaction, and for each log of its contract the ABI and the
 * expression are read anew.
 */
export function naiveJudge(rules: readonly NaiveRule[], block: Block): NaiveFinding[] {
  const findings: NaiveFinding[] = []
  for (const rule of rules) {
    for (const [index, { from, to }] of block.transactions.entries()) {
      const receipt = block.receipts![index]!
      const involved = [from, to ?? '', ...receipt.logs.map((log) => log.address)].map((each) => each.toLowerCase())
      if (!new Set(involved).has(rule.address.toLowerCase())) continue
      findings.push(...ofTransaction(rule, receipt))
    }
  }
  return findings
}

function ofTransaction(rule: NaiveRule, { transactionHash, logs }: Receipt): NaiveFinding[] {
  return logs
    .filter((log) => log.address.toLowerCase() === rule.address.toLowerCase() && holds(rule, log))
    .map(({ position }) => ({ rule: rule.name, transactionHash, position }))
}

function holds(rule: NaiveRule, log: Log): boolean {
  const abi = JSON.parse(rule.abi) as Abi
  try {
    const { eventName, args } = decodeEventLog({ abi, topics: log.topics as [Hex, ...Hex[]], data: log.data })
    return eventName === rule.event && isTrue(rule.condition, { ...args })
  } catch {
    return false // Another event, or a token of another standard.
  }
}

/** Comparisons of a parameter with a literal, joined by `and`. */
function isTrue(condition: string, args: { [name: string]: unknown }): boolean {
  return condition.split(' and ').every((comparison) => {
    const [name, operator, literal] = comparison.split(' ') as [string, string, string]
    const given = args[name]
    if (typeof given === 'string') return operator === '!=' && given.toLowerCase() !== literal.toLowerCase()
    const [value, limit] = [given as bigint, BigInt(literal)]
    return operator === '>' ? value > limit : value >= limit
  })
}
