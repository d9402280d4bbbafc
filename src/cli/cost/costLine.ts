import { creditsOf } from '../../evm/cost/creditsOf.ts'
import type { Calls } from '../../model/status.ts'
import { allCalls, type ChainCost } from './costOf.ts'
import { roughly } from './roughly.ts'

/** What watching a chain costs in a day, in one sentence. */
export function costLine({ name, id, atMost, about, tables }: ChainCost): string {
  const amounts = (unit: string, of: (calls: Calls) => number) =>
    `at most ${roughly(of(atMost))} ${unit}${about ? `, about ${roughly(of(about))}` : ''}`
  const parts = [
    amounts('RPC calls a day', allCalls),
    ...tables.map((table) =>
      amounts(`${table.unit} at ${table.provider}`, (calls) => creditsOf(calls, table, id).amount),
    ),
  ]
  return `Watching ${name} takes ${parts.join('; ')}.`
}
