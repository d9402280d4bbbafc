import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from './loadConfig.ts'

const secret = 'hunter2-hunter2-hunter2-hunter2'
/** Whatever variable an example asks for. */
const env = new Proxy<NodeJS.ProcessEnv>({}, { get: () => `https://rpc.example/${secret}` })

const examples = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory())
const configs = examples.map(({ name }) => ({ name, config: loadConfig(`examples/${name}/tocsin.yaml`, plugIns, env) }))

describe('the examples', () => {
  test.each(configs)('$name can be read, and watches and tells', ({ config }) => {
    expect(config.monitors.length).toBeGreaterThan(5)
    expect(config.routes.length).toBeGreaterThan(1)
    expect(inspect(config, { depth: 20 }) + JSON.stringify(config)).not.toContain(secret)
  })

  test('show every detector and every channel that is built in', () => {
    const used = configs.flatMap(({ config }) => config.shown.map(({ detector }) => detector))
    expect(new Set(used)).toEqual(new Set(plugIns.detectors.keys()))
    const channels = configs.flatMap(({ config }) => config.channels.map(({ channel }) => channel.id))
    expect(new Set(channels)).toEqual(new Set(plugIns.channels.keys()))
  })
})

const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function load(text: string) {
  writeFileSync(join(folder, 'tocsin.yaml'), text)
  return loadConfig(join(folder, 'tocsin.yaml'), plugIns, env)
}

const chains = 'chains: { mainnet: { id: 1, rpc: env:RPC } }\n'
const vault = '"0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a"'

test('what lasts is over when its detector says so, and not when nothing new is heard of it', () => {
  const { monitors } = load(`${chains}contracts: { vault: { address: ${vault} } }
monitors:
  books: { use: state, options: { invariant: block.number > 0 } }
  impatient: { use: state, options: { invariant: block.number > 0 }, resolveAfter: 2h }
  outflow: { use: outflow-cap }
`)
  expect(monitors.map(({ name, resolveAfterSeconds }) => [name, resolveAfterSeconds])).toEqual([
    ['books', null],
    ['impatient', 7200],
    ['outflow', 3600],
  ])
})

test('contracts alone are a config: the default monitors watch them, and every channel hears of more than information', () => {
  const config = load(
    `${chains}contracts: { vault: { address: ${vault} } }\nchannels: { ops: { use: slack, options: { url: env:X } } }\n`,
  )
  expect(config.monitors.map(({ name, on }) => [name, on])).toEqual([
    ['privileged-change', ['vault']],
    ['outflow', ['vault']],
    ['transaction-rate', ['vault']],
  ])
  expect(config.routes).toEqual([{ match: { severities: ['low', 'medium', 'high', 'critical'] }, notify: ['ops'] }])
  expect(config.chains).toMatchObject([
    {
      confirmations: 2,
      finalityDepth: 64,
      startAt: 'latest',
      pollMs: 1000,
      blindAfterMs: 60_000,
      explorer: 'https://etherscan.io',
    },
  ])
  expect(config).toMatchObject({
    updateEverySeconds: 300,
    heartbeat: null,
    retention: { findingsSeconds: 365 * 86_400, messagesSeconds: 90 * 86_400 },
  })
})

test('a monitor on two chains becomes one for each, and what is off is shown only', () => {
  const config = load(`chains: { a: { id: 1, rpc: env:A }, b: { id: 2, rpc: env:B } }
contracts: { x: { chain: a, address: ${vault} }, y: { chain: b, address: ${vault} } }
monitors:
  cap: { use: outflow-cap, resolveAfter: never }
  off: { use: outflow-cap, on: x, mode: off }
`)
  expect(
    config.monitors.map(({ name, chainId, on, resolveAfterSeconds }) => [name, chainId, on, resolveAfterSeconds]),
  ).toEqual([
    ['cap', 1, ['x'], null],
    ['cap', 2, ['y'], null],
  ])
  expect(config.shown.map(({ name, mode }) => [name, mode])).toEqual([
    ['cap', 'active'],
    ['cap', 'active'],
    ['off', 'off'],
  ])
})

test('numbers beyond 2^53, addresses without quotes and anchors mean what they say', () => {
  const config = load(`${chains}contracts:
  vault: { address: 0x00000000219ab540356cBB839Cbe05303d7705Fa, abi: &abi ["event Paused(address who)"] }
  upper: { address: "0x7BFA7C4F149E7415B73BDEDFE609237E29CBF34A", abi: *abi }
monitors:
  units: { use: large-transfer, options: { token: 0xdAC17F958D2ee523a2206206994597C13D831ec7, units: 100000000000000000000000001 } }
  amount: { use: large-transfer, options: { amount: 1_000_000.5 } }
  pause: { use: expression, when: event Paused }
`)
  expect(config.contracts.map(({ address }) => address)).toEqual([
    '0x00000000219ab540356cbb839cbe05303d7705fa',
    '0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a',
  ])
  expect(config.monitors.map(({ name }) => name)).toEqual(['units', 'amount', 'pause'])
})

test('severities of routes are named, listed, or from one on', () => {
  const config = load(`${chains}contracts: { vault: { address: ${vault} } }
channels: { ops: { use: slack, options: { url: env:X } } }
routes:
  - { match: { severity: ">=high" }, notify: ops }
  - { match: { severity: [info, ">= critical"], monitor: tocsin, contract: vault, chain: mainnet, detector: outflow-cap }, notify: [ops] }
`)
  expect(config.routes).toEqual([
    { match: { severities: ['high', 'critical'] }, notify: ['ops'] },
    {
      match: {
        severities: ['info', 'critical'],
        monitors: ['tocsin'],
        contracts: ['vault'],
        chains: ['mainnet'],
        detectors: ['outflow-cap'],
      },
      notify: ['ops'],
    },
  ])
})

test('a problem that only the chain can show finds its line', () => {
  const config = load(`${chains}contracts:\n  vault: { address: ${vault} }\n`)
  expect(config.placeOf(['contracts', 'vault', 'address'])).toMatchObject({ line: 3, column: 21 })
  expect(config.placeOf(['contracts', 'vault', 'abi'])).toMatchObject({ line: 3, column: 3 })
})

test('the ABIs of a proxy are known by the address of the implementation, however it is written', () => {
  const { contracts, monitors } = load(`${chains}contracts:
  vault:
    address: ${vault}
    implementations:
      "0x00000000219ab540356cBB839Cbe05303d7705Fa": ["event Paid(uint256 amount)"]
      "0x5fbdb2315678afecb367f032d93f642f64180aa3": ["event Paid(uint256 amount, uint256 fee)"]
monitors:
  paid: { use: expression, on: vault, when: event Paid if amount > 5 }
`)
  expect([...contracts[0]!.implementations!.keys()]).toEqual([
    '0x00000000219ab540356cbb839cbe05303d7705fa',
    '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  ])
  expect(monitors[0]!.watch.interests.filter(({ kind }) => kind === 'log')).toHaveLength(3)
})

test('an ABI of an implementation that cannot be read is told as one of a contract is', () => {
  const bad = (address: string, abi: string) =>
    `${chains}contracts: { vault: { address: ${vault}, implementations: { "${address}": ${abi} } } }\n`
  expect(() => load(bad('0x5fbdb2315678afecb367f032d93f642f64180aa3', './missing.json'))).toThrow('missing.json')
  expect(() => load(bad('0x5fbd', '[]'))).toThrow('0x and 40 hex digits')
  const many = Array.from({ length: 101 }, (_, index) => `"0x${index.toString(16).padStart(40, '0')}": []`).join(', ')
  expect(() => load(`${chains}contracts: { vault: { address: ${vault}, implementations: { ${many} } } }\n`)).toThrow(
    'more than 100',
  )
})
