import { creditsOf } from '../../evm/cost/creditsOf.ts'
import type { Calls } from '../../model/status.ts'
import { allCalls, type ChainCost } from './costOf.ts'
import { roughly } from './roughly.ts'

/** What watching costs in a day, for a terminal: for each chain calls by method, and what known providers charge. */
export function costTable(costs: readonly ChainCost[]): string {
  return [...costs.map(tableOf), notesOf(costs)].join('\n\n')
}

function tableOf({ name, id, atMost, about, receipts, tables }: ChainCost): string {
  const columns = about ? [atMost, about] : [atMost]
  const row = (label: string, of: (calls: Calls) => number) => line(`  ${label}`, columns.map(of).map(roughly))
  return [
    line(`${name}, in a day`, about ? ['at most', 'about'] : ['at most']),
    ...Object.keys(atMost).map((method) => row(method, (calls) => calls[method] ?? 0)),
    row('all calls', allCalls),
    ...tables.map((table) => row(`${table.unit} at ${table.provider}`, (calls) => creditsOf(calls, table, id).amount)),
    receipts
      ? `  About: ${receipts.wanted} of ${receipts.looked} blocks of the last hour had something for the monitors.`
      : '  How quiet its blocks are cannot be told.',
  ].join('\n')
}

const line = (label: string, cells: readonly string[]) =>
  `${label.padEnd(30)}${cells.map((cell) => cell.padStart(16)).join('')}`

function notesOf(costs: readonly ChainCost[]): string {
  const notes = ['State that events make monitors read, and what is asked again, come on top.']
  if (costs.some(({ tables, unknown }) => tables.length + unknown.length > 1))
    notes.push('Each provider is taken to answer alone; the others stand by.')
  for (const table of new Set(costs.flatMap(({ tables }) => tables))) {
    const { provider, read, source } = table
    const unpriced = costs.flatMap(({ id, atMost }) => creditsOf(atMost, table, id).unpriced)
    notes.push(`Prices of ${provider} as published, read on ${read}; they change:\n  ${source}`)
    if (unpriced.length > 0)
      notes.push(`  Without ${[...new Set(unpriced)].join(', ')}: no price for one is published.`)
  }
  const unknown = new Set(costs.flatMap((cost) => cost.unknown))
  for (const host of unknown) notes.push(`No prices are known of ${host}.`)
  return notes.join('\n')
}
