import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regenerate, table } from '../../../test/harness/reference.ts'
import { creditsOf } from './creditsOf.ts'
import { type PriceTable, priceTables } from './priceTables.ts'

const path = 'docs/reference/cost.md'
const methods = [
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_call',
  'eth_getBalance',
  'debug_traceBlockByHash',
  'trace_block',
  'eth_subscription',
]

function priceOf(method: string, prices: PriceTable): string {
  const { amount, unpriced } = creditsOf({ [method]: 1 }, prices, 1)
  return unpriced.length > 0 ? 'not said' : String(amount)
}

/** To write them anew after a price has changed: vitest with `-u`. */
test('the prices of the reference are those that are counted with', async () => {
  const rows = priceTables.map((prices) => [
    `[${prices.provider}](${prices.source})`,
    prices.hosts.map((host) => `\`${host}\``).join(', '),
    prices.unit,
    ...methods.map((method) => priceOf(method, prices)),
    prices.read,
  ])
  const heads = ['provider', 'hosts', 'counts in', ...methods.map((method) => `\`${method}\``), 'read']
  await expect(regenerate(readFileSync(path, 'utf8'), ['prices'], () => table(heads, rows))).toMatchFileSnapshot(
    `../../../${path}`,
  )
})
