import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeAbiParameters, type Hex, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { connect } from '../../demo/connect.ts'
import { deployProtocol } from '../../demo/deployProtocol.ts'
import type { Protocol } from '../../demo/protocol.ts'
import { acmeVault } from '../../demo/scenarios/acmeVault.ts'
import { issuedDollar } from '../../demo/scenarios/issuedDollar.ts'
import { createStage } from '../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { account, chain } from '../../test/harness/node/block.ts'
import { startNode } from '../../test/harness/node/startNode.ts'
import { runCli } from '../../test/harness/runCli.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-cli-init-'))
let anvil: Anvil
let protocol: Protocol
const client = () => connect(anvil.rpcUrl)

beforeAll(async () => {
  anvil = await startAnvil()
  protocol = await deployProtocol(client())
  await client().mine({ blocks: 5, interval: 2 })
})
afterAll(async () => {
  await anvil.stop()
  rmSync(directory, { recursive: true, force: true })
})

type Written = {
  chains: Record<string, { id: number; rpc: string[] }>
  contracts: Record<string, { address: string; kind?: string; role?: string; abi?: string[] }>
  monitors: Record<string, { use: string; on: string | string[]; when?: string; options?: Record<string, unknown> }>
}

/** Writes a config and has it checked against the chain. */
async function initAndCheck(out: string, addresses: readonly string[]) {
  const made = await runCli(['init', ...addresses, '--rpc', anvil.rpcUrl, '--out', out], { cwd: directory })
  expect(made.err).toBe('')
  const text = readFileSync(join(directory, out), 'utf8')
  const checked = await runCli(['check', '--config', out], { cwd: directory, env: { RPC_URL: anvil.rpcUrl } })
  expect(checked).toMatchObject({ code: 0, err: '' })
  return { ...made, text, config: parse(text) as Written, checked: checked.out }
}

test('writes a config for a whole protocol, every monitor with its reason, that fits the chain', async () => {
  const { vault, treasury, feed, governor, timelock, market } = protocol.contracts
  const addresses = [vault, treasury, feed, governor, timelock, market].map(({ address }) => address)
  const { code, out, text, config, checked } = await initAndCheck('protocol.yaml', addresses)
  expect(code).toBe(0)
  expect(config.chains).toEqual({ local: { id: 31_337, rpc: ['env:RPC_URL'] } })
  const kinds = Object.entries(config.contracts).map(([name, { kind, role }]) => [name, kind, role])
  expect(kinds).toEqual([
    ['vault', 'erc4626', undefined],
    ['safe', 'safe', undefined],
    ['acmeUsd', 'chainlink-feed', undefined],
    ['governor', 'governor', undefined],
    ['timelock', 'timelock', undefined],
    ['contract', undefined, undefined],
    ['dusd', 'erc20', 'dependency'],
    ['safeSigner', 'account', 'dependency'],
    ['safeSigner2', 'account', 'dependency'],
    ['safeSigner3', 'account', 'dependency'],
    ['pair', 'uniswap-v2-pair', 'dependency'],
    ['acmeUsdOwner', 'account', 'dependency'],
    ['acme', 'erc20', 'dependency'],
    ['contractGuardian', 'account', 'dependency'],
    ['vaultUpgrader', 'account', 'dependency'],
    ['vaultStrategist', 'account', 'dependency'],
    ['dusdOwner', 'account', 'dependency'],
  ])
  const { monitors } = config
  expect(monitors.privileges).toMatchObject({ use: 'privileged-change', on: expect.arrayContaining(['vault', 'safe']) })
  expect(monitors.outflow?.on).toBe('safe')
  expect(monitors['large-outflow']?.on).toEqual(['vault', 'timelock', 'contract'])
  expect(monitors['contract-entries']).toMatchObject({ use: 'account-entries', on: 'contract' })
  // `collateralOf(address)` and `debtOf(address)` of the market.
  expect(monitors['contract-entries']?.options?.entries).toEqual(expect.arrayContaining(marketEntries))
  expect(monitors['relied-backing']).toMatchObject({ use: 'backing', on: expect.arrayContaining(['dusd']) })
  expect(monitors.backing?.on).toEqual(['vault', 'contract'])
  expect(monitors.upstream).toMatchObject({ use: 'privileged-change', on: 'dusd' })
  expect(monitors.keys?.on).toEqual(expect.arrayContaining(['safeSigner', 'vaultUpgrader']))
  expect(monitors['large-transfer']).toMatchObject({ use: 'large-transfer', options: { percent: 10 } })
  expect(monitors.activity?.use).toBe('transaction-rate')
  // By HTTP nobody tells of them.
  expect(monitors).not.toHaveProperty('pending-transactions')
  expect(monitors['vault-share-price']?.options).toEqual({ invariant: 'convertToAssets(1_000_000) >= 950_000' })
  const kept = 'totalAssets() <= $dusd.balanceOf($vault)'
  expect(monitors['vault-backed']?.options).toEqual({ invariant: kept, plannable: true })
  expect(monitors['vault-withdrawal']?.when).toMatch(/^event Withdraw if assets >= \d+_000e6$/)
  expect(monitors['safe-threshold-kept']?.options).toEqual({ invariant: 'getThreshold() >= 2' })
  expect(monitors['safe-executions']).toMatchObject({ use: 'safe-execution', on: 'safe' })
  expect(monitors['governor-decisions']).toMatchObject({
    ...{ use: 'governance', on: ['governor', 'timelock'] },
    options: { executor: '$timelock', votes: '$acme' },
  })
  expect(monitors['acmeUsd-stale']).toMatchObject({ use: 'oracle-stale', options: { feeds: ['$acmeUsd'] } })
  const relying = ['acmeUsd', 'contract']
  expect(monitors['prices-bounds']).toMatchObject({ use: 'oracle-bounds', on: relying, severity: 'critical' })
  expect(monitors['prices-source']).toMatchObject({ use: 'oracle-config', on: relying })
  expect(monitors['prices-manipulated']?.options).toEqual({ sources: ['$acmeUsd', '$pair'] })
  expect(monitors['acmeUsd-pair']).toMatchObject({ use: 'oracle-deviation', on: relying })
  const [hint] = text.match(/`implementations: .*`/g)!
  expect(text.indexOf(hint)).toBeLessThan(text.indexOf('\n  vault:'))
  expect(hint).toMatch(/^`implementations: \{ "0x[0-9a-fA-F]{40}": \.\/abi\/NAME\.json \}`$/)
  expect(text.match(/^ {2}# why: /gm)).toHaveLength(Object.keys(monitors).length)
  expect(checked).toContain('Nothing is wrong.')
  expect(checked).not.toContain('note   vault')
  expect(out).toContain('vault  0x')
  expect(out).toContain("export RPC_URL='http://127.0.0.1:")
}, 60_000)

const marketEntries = ['collateralOf(address)', 'debtOf(address)'].map((each) => toFunctionSelector(each))

test('watches an account without code', async () => {
  const { config } = await initAndCheck('account.yaml', [protocol.accounts.admin])
  expect(config.contracts).toMatchObject({ account: { kind: 'account' } })
  expect(Object.keys(config.monitors)).toEqual([
    'privileges',
    'outflow',
    'unusual-outflow',
    'large-transfer',
    'activity',
    'payment-streams',
    'look-alikes',
    'test-payment',
    'attack-signs',
    'proceeds',
  ])
})

test('proposes no invariant that does not hold now', async () => {
  const stage = await createStage(anvil.rpcUrl)
  const dollar = await issuedDollar(stage)
  const { vault } = await acmeVault(stage, { asset: dollar })
  const before = await initAndCheck('free.yaml', [vault.address])
  expect(Object.keys(before.config.monitors)).toContain('vault-frozen-by-iusd')
  await stage.call(dollar, 'setBlacklisted', [vault.address, true])
  const { config } = await initAndCheck('frozen.yaml', [vault.address])
  expect(Object.keys(config.monitors)).not.toContain('vault-frozen-by-iusd')
}, 60_000)

test('watches a contract of which nothing is known', async () => {
  const unknown = account(0xc0de)
  await client().setCode({ address: unknown, bytecode: '0x6001600155' })
  const { config, text } = await initAndCheck('unknown.yaml', [unknown])
  expect(config.contracts).toEqual({ contract: { address: expect.any(String) } })
  expect(Object.keys(config.monitors)).toEqual([
    'privileges',
    'outflow',
    'unusual-outflow',
    'large-transfer',
    'activity',
    'backing',
    'own-loss',
    'payment-streams',
    'reentrancy-silent',
    'cluster-profit-silent',
    'round-trip',
    'rounding-loop',
    'repeated-claim',
    'new-call-path',
    'fresh-contract',
    'replayed-signature',
    'probing',
    'missing-signature',
    'open-payment',
    'allowance-misuse',
    'attack-signs',
    'proceeds',
  ])
  expect(text).toContain('no power over it was found')
})

test.each([
  ['null', 'null'],
  ['\u202eSafe"\n  evil: { use: expression }\n# : [', 'u202eSafeEvilUseExpressio'],
])('lets no token write into the config: its symbol is %j', async (symbol) => {
  const token = account(0xbad)
  await client().setCode({ address: token, bytecode: tokenCode(symbol) })
  const { config, text, out } = await initAndCheck(`hostile-${symbol.length}.yaml`, [token])
  const [name = ''] = Object.keys(config.contracts)
  expect(Object.keys(config.contracts)).toHaveLength(1)
  expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/)
  expect(config.contracts[name]?.kind).toBe('erc20')
  expect(Object.keys(config.monitors)).toEqual([
    ...[
      'privileges',
      'token-transfer',
      'activity',
      'backing',
      'fresh-contract',
      'replayed-signature',
      'probing',
      'missing-signature',
      'open-payment',
      'unpaid-deposit',
      'approvals',
      'attack-signs',
      'proceeds',
    ],
  ])
  expect(text + out).not.toMatch(/\u202e/)
})

/** A token of six units with six decimals, whose symbol is any text. */
function tokenCode(symbol: string): Hex {
  const data = encodeAbiParameters([{ type: 'string' }], [symbol]).slice(2)
  const length = (data.length / 2).toString(16).padStart(4, '0')
  const dispatch = '5f3560e01c' + '6395d89b41146021' + '57' + '60065f5260205ff3'
  const selectors = 'fe63313ce5676318160ddd'
  return `0x${dispatch}${selectors}5b61${length}61002f5f3961${length}5ff3${data}`
}

test('never writes the URL of the provider, and takes it out of a variable', async () => {
  const node = await startNode({ blocks: chain(3), chainId: 1 })
  const env = { MY_RPC: `${node.url}/v3/s3cret-key?token=s3cret` }
  const given = ['init', account(1), '--rpc']
  const direct = await runCli([...given, env.MY_RPC, '--out', 'direct.yaml'], { cwd: directory })
  const byName = await runCli([...given, 'env:MY_RPC', '--out', 'named.yaml', '--chain', 'main-1'], {
    cwd: directory,
    env,
  })
  await node.close()
  expect([direct.code, byName.code]).toEqual([0, 0])
  expect(direct.out).toContain(`export RPC_URL='${node.url}/…'`)
  const texts = ['direct.yaml', 'named.yaml'].map((file) => readFileSync(join(directory, file), 'utf8'))
  expect(parse(texts[0]!).chains).toEqual({ mainnet: { id: 1, rpc: ['env:RPC_URL'] } })
  expect(parse(texts[1]!).chains).toEqual({ 'main-1': { id: 1, rpc: ['env:MY_RPC'] } })
  expect([direct.out, direct.err, byName.out, byName.err, ...texts].join()).not.toContain('s3cret')
})

test('overwrites only when told to, and leaves nothing behind when it fails', async () => {
  const file = join(directory, 'mine.yaml')
  writeFileSync(file, 'mine')
  const args = ['init', protocol.accounts.admin, '--rpc', anvil.rpcUrl, '--out', 'mine.yaml']
  const refused = await runCli(args, { cwd: directory })
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--force') })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  const written = await runCli([...args, '--force'], { cwd: directory })
  expect(written.code).toBe(0)
  expect(written.out).toContain('There is no contract at account on this chain')
  expect(readFileSync(file, 'utf8')).toContain('protocol: My protocol')
  const nowhere = await runCli([...args.slice(0, -1), 'none/there.yaml'], { cwd: directory })
  expect(nowhere).toMatchObject({
    code: 1,
    err: expect.stringContaining('none/there.yaml cannot be written: there is no folder'),
  })
  expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([])
})

test.each([
  [['init', '0x12', '--rpc', 'http://127.0.0.1:9'], 2, '"0x12" must be an address'],
  [['init', '0x2279B7a0a67db372996a5fab50d91eaa73d2EBE6', '--rpc', 'http://127.0.0.1:9'], 2, 'has a wrong checksum'],
  [['init', account(1), '--rpc', 'http://127.0.0.1:9', '--sources', './nowhere'], 1, 'There is no folder ./nowhere'],
  [['init', '--rpc', 'http://127.0.0.1:9'], 2, 'ADDRESS'],
  [['init', account(1), '--rpc', 's3cret'], 2, 'no http, https, ws or wss URL'],
  [['init', account(1), '--rpc', 'env:NOT_SET_AT_ALL'], 2, 'NOT_SET_AT_ALL is not set'],
  [['init', account(1), '--rpc', 'http://127.0.0.1:9/s3cret'], 1, '127.0.0.1:9 cannot be reached'],
])('says what is wrong with %j', async (args, code, words) => {
  const result = await runCli([...args, '--out', 'never.yaml'], { cwd: directory })
  expect(result.err).toContain(words)
  expect(result.code).toBe(code)
  expect(result.err + result.out).not.toContain('s3cret')
  expect(existsSync(join(directory, 'never.yaml'))).toBe(false)
})

test('proposes to try pending transactions where the WebSocket that it is given tells of them', async () => {
  const url = anvil.rpcUrl.replace('http', 'ws')
  const given = ['init', protocol.contracts.market.address, '--rpc', url, '--out', 'pending.yaml']
  expect(await runCli(given, { cwd: directory })).toMatchObject({ code: 0, err: '' })
  const { monitors } = parse(readFileSync(join(directory, 'pending.yaml'), 'utf8')) as Written
  expect(monitors['pending-transactions']).toMatchObject({ use: 'pending-transactions', on: 'contract' })
  const checkedBy = (rpc: string) =>
    runCli(['check', '--config', 'pending.yaml'], { cwd: directory, env: { RPC_URL: rpc } })
  expect((await checkedBy(url)).out).toMatch(/✓ ok {5}RPC 1 \(127\.0\.0\.1:\d+\): tells of pending transactions/)
  const { out } = await checkedBy(anvil.rpcUrl)
  expect(out).toContain('It does not tell of pending transactions: its URL is no WebSocket')
}, 60_000)
