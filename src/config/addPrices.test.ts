import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from './loadConfig.ts'
import { ConfigError } from './problem.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-prices-'))
afterAll(() => rmSync(folder, { recursive: true }))

function load(prices: string, coin = '[{ feed: $ethUsd }]') {
  writeFileSync(
    join(folder, 'tocsin.yaml'),
    `chains: { mainnet: { id: 1, rpc: env:RPC, prices: ${coin} } }
contracts:
  vault: { address: "${account(1)}" }
  acme: { address: "${account(2)}", kind: erc20, role: dependency, prices: ${prices} }
  ethUsd: { address: "${account(3)}", role: dependency }
monitors:
  loss: { use: own-loss, on: vault }
`,
  )
  return loadConfig(join(folder, 'tocsin.yaml'), plugIns, { RPC: 'https://rpc.example' })
}

function problemsOf(prices: string, coin?: string) {
  try {
    load(prices, coin)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message, line }) => `${line}: ${message}`)
    throw error
  }
  return []
}

test('a token has the prices that the config names for it, read before the block', () => {
  const { contracts } = load('[{ feed: $ethUsd, heartbeat: 3600, times: native }, { usd: 2 }]')
  const acme = contracts.find(({ name }) => name === 'acme')
  expect(acme?.prices).toMatchObject([
    { name: 'ethUsd', times: 'native', read: { at: 'parent', kind: 'call', to: account(3) } },
    { name: 'the config', read: null },
  ])
})

test('a price from a contract that is not there, from a pair, or none at all is told where it stands', () => {
  expect(problemsOf('[{ feed: $btcUsd }]')).toEqual(['4: $btcUsd is no contract of the config on chain "mainnet".'])
  expect(problemsOf('[{ usd: 1 }]', '[{ usd: 1 }, { feed: $nothing }]')).toEqual([
    '1: $nothing is no contract of the config on chain "mainnet".',
  ])
  expect(problemsOf('[{ pair: $ethUsd, decimals: [18, 6] }]')).toHaveLength(1)
  expect(problemsOf('[]')).toHaveLength(1)
})
