import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../demo/connect.ts'
import { demoConfig } from '../../demo/demoConfig.ts'
import { deployProtocol } from '../../demo/deployProtocol.ts'
import type { Protocol } from '../../demo/protocol.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { runCli } from '../../test/harness/runCli.ts'
import { proxySlots } from '../evm/proxySlots.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-cli-check-'))
let anvil: Anvil
let protocol: Protocol

beforeAll(async () => {
  anvil = await startAnvil()
  const client = connect(anvil.rpcUrl)
  protocol = await deployProtocol(client)
  await client.mine({ blocks: 5, interval: 2 })
  mkdirSync(join(directory, 'abi'))
  const { text, abis } = demoConfig(protocol, anvil.rpcUrl)
  for (const [name, abi] of abis) writeFileSync(join(directory, 'abi', `${name}.json`), JSON.stringify(abi))
  writeFileSync(join(directory, 'inbox.url'), 'http://127.0.0.1:9/inbox')
  writeFileSync(join(directory, 'inbox.key'), 'k'.repeat(32))
  writeFileSync(join(directory, 'tocsin.yaml'), text)
})
afterAll(async () => {
  await anvil.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function check(text?: string) {
  if (text !== undefined) writeFileSync(join(directory, 'other.yaml'), text)
  return runCli(['check', ...(text === undefined ? [] : ['--config', 'other.yaml'])], { cwd: directory })
}

test('finds nothing wrong with the demo, and says what will be watched and what that costs', async () => {
  const { code, out, err } = await check()
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('vault: ERC-4626 vault of dUSD, behind an ERC-1967 proxy, with roles, pausable')
  expect(out).toContain('tells what calls would lead to')
  expect(out).toContain(
    'big-withdrawal (high): What a rule of your own describes on vault\n      event Withdraw if assets > 50_000e6',
  )
  expect(out).toMatch(/^demo, in a day +at most +about$/m)
  expect(out).toMatch(/^ {2}eth_getBlockByNumber( +[\d,]+){2}\n {2}eth_getBlockReceipts( +[\d,]+){2}$/m)
  expect(out).toMatch(/^ {2}all calls( +[\d,]+){2}$/m)
  expect(out).toMatch(/About: \d+ of \d+ blocks of the last hour had something for the monitors\./)
  expect(out).toContain('No prices are known of 127.0.0.1.')
  expect(out.trimEnd().endsWith('Nothing is wrong.')).toBe(true)
})

test('names all that does not fit the chain at once, with its line', async () => {
  const { code, out, err } = await check(`chains:
  demo: { id: 31337, rpc: ["${anvil.rpcUrl}", "http://127.0.0.1:9/v3/s3cret-key"] }
contracts:
  vault: { address: "${protocol.contracts.vault.address}", abi: ["function nobodyHasThis(uint256)"] }
  gone: { address: "0x00000000000000000000000000000000000000aa" }
  person: { address: "${protocol.accounts.admin}", kind: account }
  market:
    address: "${protocol.contracts.market.address}"
    kind: safe
monitors:
  privileges: { use: privileged-change }
`)
  expect(code).toBe(1)
  expect(err).toContain('3 problems in other.yaml:')
  expect(err).toMatch(/other\.yaml:2:\d+ {2}RPC 2 of demo: 127\.0\.0\.1:9 cannot be reached/)
  expect(err).toMatch(
    /other\.yaml:4:\d+ {2}vault: None of the functions of its ABI is in its code: nobodyHasThis\(uint256\)/,
  )
  expect(err).toMatch(/other\.yaml:5:\d+ {2}gone: There is no contract at 0x0+aa\./)
  expect(err).toContain('write `kind: account`')
  expect(out).toContain('✓ ok     person: account without code')
  expect(out).toContain('– note   market: It is called safe, and does not look like one.')
  expect(out + err).not.toContain('s3cret')
})

test('notes which implementation of a proxy lacks what a rule names', async () => {
  const slot = proxySlots.implementation
  const { address } = protocol.contracts.vault
  const stored = await connect(anvil.rpcUrl).getStorageAt({ address, slot })
  const { code, out, err } = await check(`chains:
  demo: { id: 31337, rpc: ["${anvil.rpcUrl}"] }
contracts:
  vault:
    address: "${address}"
    implementations:
      "0x${stored!.slice(26)}": ["event Withdraw(address a, uint256 assets)", "function totalAssets() view returns (uint256)"]
      "0x00000000000000000000000000000000000000aa": ["event Withdrawn(uint256 assets)"]
monitors:
  big: { use: expression, on: vault, when: event Withdraw if assets > 5 }
  sound: { use: state, on: vault, options: { invariant: totalAssets() > 0 } }
`)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lacking = 'is lacking in implementation 0x00000000000000000000000000000000000000aa of vault: while that runs'
  expect(out).toContain(`– note   big: \`event Withdraw\` ${lacking}, none is seen.`)
  expect(out).toContain(`– note   sound: \`totalAssets()\` ${lacking}, it cannot be read.`)
})

test('asks no chain while the config itself is wrong', async () => {
  const { code, out, err } = await check('chains: {}\ncontracts: { vault: { address: 7 } }\n')
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('problems in other.yaml')
})
