import { expect, test } from 'vitest'
import type { ChainStatus } from '../model/status.ts'
import { createMetrics } from './createMetrics.ts'

const chain: ChainStatus = {
  name: 'mainnet',
  id: 1,
  head: 110,
  finalized: 46,
  cursor: 108,
  cursorTimestamp: 1_790_000_000,
  lag: 2,
  headLane: null,
  blind: null,
  verified: { header: null, transactions: null, receipts: null },
  explorer: null,
  providers: [
    {
      host: 'rpc.example',
      state: 'ok',
      head: 110,
      since: '2026-08-01T00:00:00.000Z',
      requests: 9,
      calls: { eth_getBlockByNumber: 6, eth_call: 40 },
      errors: 1,
      latencyMs: 20,
      lastError: null,
      untruths: 0,
      lastUntruth: null,
    },
  ],
}
const block = { number: 108, hash: '0x01', parentHash: '0x00', timestamp: 0, logsBloom: '0x' } as const

async function linesOf(chains: ChainStatus[]): Promise<string[]> {
  const metrics = createMetrics({
    chains: () => chains,
    outbox: async () => [{ channel: 'ops', state: 'dead', messages: 3 }],
  })
  metrics.noteWatch('mainnet', { kind: 'committed', block, findings: 4, blind: 0, ms: 12 })
  metrics.noteWatch('mainnet', { kind: 'reorg', from: 108, to: 106 })
  metrics.noteWatch('mainnet', { kind: 'trouble', error: new Error('down') })
  metrics.noteDelivery({ channel: 'ops', messageId: 'm', result: 'sent', attempts: 1 })
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('tocsin_') && line.includes('{'))
}

test('what happened and how things stand can be read', async () => {
  expect(await linesOf([chain])).toEqual(
    expect.arrayContaining([
      'tocsin_blocks_total{chain="mainnet"} 1',
      'tocsin_findings_total{chain="mainnet"} 4',
      'tocsin_reorgs_total{chain="mainnet"} 1',
      'tocsin_troubles_total{chain="mainnet"} 1',
      'tocsin_deliveries_total{channel="ops",result="sent"} 1',
      'tocsin_commit_seconds_bucket{le="0.025",chain="mainnet"} 1',
      'tocsin_head_block{chain="mainnet"} 110',
      'tocsin_cursor_block{chain="mainnet"} 108',
      'tocsin_lag_blocks{chain="mainnet"} 2',
      'tocsin_blind{chain="mainnet"} 0',
      'tocsin_rpc_requests{chain="mainnet",provider="rpc.example"} 9',
      'tocsin_rpc_calls{chain="mainnet",provider="rpc.example",method="eth_getBlockByNumber"} 6',
      'tocsin_rpc_calls{chain="mainnet",provider="rpc.example",method="eth_call"} 40',
      'tocsin_rpc_errors{chain="mainnet",provider="rpc.example"} 1',
      'tocsin_messages{channel="ops",state="dead"} 3',
    ]),
  )
})

test('a chain that is not seen says so and gives no numbers that it does not have', async () => {
  const blind = { since: '2026-08-01T00:00:00.000Z', reason: 'rpc.example cannot be reached.' }
  const lines = await linesOf([{ ...chain, head: null, lag: null, cursor: null, blind }])
  expect(lines).toContain('tocsin_blind{chain="mainnet"} 1')
  expect(lines.filter((line) => /^tocsin_(head_block|lag_blocks|cursor_block)/.test(line))).toEqual([])
})
