import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regenerate, table } from '../../test/harness/reference.ts'
import type { ChainStatus } from '../model/status.ts'
import { createMetrics } from './createMetrics.ts'

const path = 'docs/reference/metrics.md'
const reference = readFileSync(path, 'utf8')

const chain: ChainStatus = {
  name: 'mainnet',
  id: 1,
  head: 9,
  finalized: 1,
  cursor: 8,
  cursorTimestamp: 1_772_334_000,
  lag: 1,
  headLane: 9,
  blind: null,
  providers: [
    {
      host: 'rpc.example',
      state: 'ok',
      head: 9,
      since: '2026-08-01T00:00:00.000Z',
      requests: 7,
      calls: { eth_getBlockByNumber: 6, eth_call: 40 },
      errors: 1,
      latencyMs: 4,
      lastError: null,
      untruths: 0,
      lastUntruth: null,
    },
  ],
  verified: { header: null, transactions: null, receipts: null },
  explorer: null,
}

/** What is read by Prometheus once every kind of thing has happened. */
async function readMetrics(): Promise<string> {
  const metrics = createMetrics({
    chains: () => [chain],
    outbox: async () => [{ channel: 'ops', state: 'dead', messages: 1 }],
  })
  const block = { number: 8, hash: '0x', parentHash: '0x', timestamp: 1, logsBloom: '0x' } as const
  metrics.noteWatch('mainnet', { kind: 'committed', block, findings: 1, blind: 0, ms: 5 })
  metrics.noteWatch('mainnet', { kind: 'reorg', from: 8, to: 7 })
  metrics.noteWatch('mainnet', { kind: 'trouble', error: new Error('no answer') })
  metrics.noteDelivery({ channel: 'ops', messageId: 'm', result: 'sent', attempts: 1 })
  return metrics.text()
}

/** To write them anew after a metric has changed: vitest with `-u`. */
test('the metrics of the reference are those that Prometheus reads', async () => {
  const text = await readMetrics()
  const described = [...text.matchAll(/^# HELP (tocsin_(?!process_|nodejs_)\w+) (.*)\n# TYPE \w+ (\w+)$/gm)]
  const rows = described.map(([, name, help, type]) => {
    const labels = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(text)?.[1] ?? ''
    const names = [...labels.matchAll(/(\w+)=/g)].map(([, label]) => `\`${label}\``)
    return [`\`${name}\``, type!, names.join(', '), help!]
  })
  const generate = () => table(['metric', 'kind', 'labels', 'meaning'], rows)
  await expect(regenerate(reference, ['metrics'], generate)).toMatchFileSnapshot(`../../${path}`)
})

test('the examples of alerts name only metrics that there are', async () => {
  const text = await readMetrics()
  const named = [...reference.matchAll(/expr: (.*)/g)].flatMap(([, expr]) => expr!.match(/tocsin_\w+/g) ?? [])
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([])
})
