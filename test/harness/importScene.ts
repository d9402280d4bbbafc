import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseAbi } from 'viem'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { plugIns } from '../../src/app/plugIns.ts'
import { importFolder } from '../../src/cli/import/importFolder.ts'
import type { RemarkKind } from '../../src/cli/import/remarks.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { replay } from '../../src/watch/replay.ts'
import { account, block, call, event, type SomeTransaction, tx } from './node/block.ts'
import type { Fault } from './node/faults.ts'
import type { ServedBlock } from './node/rpcTypes.ts'
import { startNode } from './node/startNode.ts'
import { openTestClient } from './openTestClient.ts'

export type WrittenConfig = {
  chains: Record<string, { id: number; rpc: string[]; confirmations?: number }>
  contracts: Record<string, { chain: string; address: string; abi?: string }>
  monitors: Record<string, { on: string | string[]; when: string; mode?: string; options?: { title?: string } }>
  channels?: Record<string, { use: string; options: Record<string, unknown> }>
  routes?: { match: { monitor: string | string[] }; notify: string[] }[]
}

/** A token, a vault, and three people. */
export const [token, vault, ana, ben, eve] = [0x70, 0x71, 0xa, 0xb, 0xe].map(account) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const transferSignature = 'event Transfer(address indexed from, address indexed to, uint256 value)'
export const abi = parseAbi([
  transferSignature,
  'function transfer(address to, uint256 value)',
  'function pause()',
  'event Filled((address maker, (uint256 price, string note) terms) order)',
  'event Voted(address indexed voter, uint96 votes)',
  'event Moved(int24 tick, bytes4 selector, uint48 since)',
])
export const at = (address: string, spec: unknown = abi) => [{ address, contract_spec: spec }]
export const transfer = (from: string, to: string, value: bigint) =>
  event(transferSignature, token, { from, to, value })
export const send = (to: string, value: bigint, rest: Partial<SomeTransaction> = {}) =>
  tx({ from: ana, to: token, input: call('function transfer(address to, uint256 value)', [to, value]), ...rest })

/** The network that monitors of a test watch unless they name another. */
export const testnet = {
  network_type: 'EVM',
  slug: 'testnet',
  name: 'Testnet',
  rpc_urls: [{ type_: 'rpc', url: { type: 'plain', value: 'http://127.0.0.1:1/s3cret' }, weight: 100 }],
  chain_id: 1,
  block_time_ms: 12_000,
  confirmation_blocks: 1,
  cron_schedule: '0 */1 * * * *',
  max_past_blocks: 18,
  store_blocks: false,
}

/** A monitor of OpenZeppelin Monitor with what it needs, on the network of the tests. */
export function ozMonitorOf(name: string, given: Record<string, unknown>) {
  const { events = [], functions = [], transactions = [], ...rest } = given
  return {
    name,
    paused: false,
    networks: ['testnet'],
    addresses: [],
    match_conditions: { events, functions, transactions },
    trigger_conditions: [],
    triggers: [],
    ...rest,
  }
}

/** A monitor of every transfer of the token, with nothing wrong in it. */
export const good = goodMonitor({})

function goodMonitor(rest: Record<string, unknown>) {
  const events = [{ signature: 'Transfer(address,address,uint256)', expression: null }]
  return ozMonitorOf('good', { addresses: at(token), events, ...rest })
}

/** A folder to be imported, and what becomes of it. */
export function importScene() {
  const root = mkdtempSync(join(tmpdir(), 'tocsin-import-'))
  const out = join(root, 'out', 'tocsin.yaml')
  mkdirSync(dirname(out))

  const scene = {
    out,
    /** Imports these files, by their path in the folder; what is no text becomes JSON. */
    import: (files: Record<string, unknown>) => scene.importTo(out, files),
    importTo(path: string, files: Record<string, unknown>) {
      const folder = mkdtempSync(join(root, 'in-'))
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content))
      }
      const { imported, remarks } = importFolder(folder, { out: path, force: path === out })
      const words = (kind: RemarkKind) => remarks.of(kind).map(({ where, text }) => `${where}: ${text}`)
      const env = Object.fromEntries(imported.variables.map((name) => [name, 'https://placeholder.invalid/0123456789']))
      return { imported, words, env, text: imported.monitors.length > 0 ? readFileSync(path, 'utf8') : '' }
    },
    /** Imports monitors on the network of the tests. */
    monitors(...monitors: readonly object[]) {
      const files = Object.fromEntries(monitors.map((monitor, index) => [`monitors/${index}.json`, monitor]))
      return scene.import({ 'networks/testnet.json': testnet, ...files })
    },
    /** Imports a monitor that names these triggers. */
    withTriggers(triggers: Record<string, unknown>, rest: object = {}) {
      const monitor = goodMonitor({ triggers: Object.keys(triggers), ...rest })
      return scene.import({ 'networks/a.json': testnet, 'monitors/a.json': monitor, 'triggers/a.json': triggers })
    },
    written: () => parse(readFileSync(out, 'utf8')) as WrittenConfig,
    judge: (env: Record<string, string>, blocks: readonly ServedBlock[], faults: readonly Fault[] = []) =>
      judgeChain(loadConfig(out, plugIns, env).monitors, blocks, faults),
    /** The monitors of one import over one block: `monitor: place of the transaction`, and `/place of the log`. */
    async judged(monitors: readonly object[], transactions: readonly SomeTransaction[], faults = []) {
      const { env } = scene.monitors(...monitors)
      const { found, blind } = await scene.judge(env, [block({ transactions })], faults)
      expect(blind).toEqual([])
      const places = transactions.map(({ hash }) => hash as string)
      return found
        .map(({ monitor, transaction, logIndex }) => {
          const place = `${monitor}: ${places.indexOf(transaction ?? '')}`
          return logIndex === null ? place : `${place}/${logIndex}`
        })
        .sort()
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
  return scene
}

type Found = { monitor: string; transaction: string | null; logIndex: number | null; title: string; facts: object }

/** What these find in a chain: the place of the transaction and of the log in its block. */
async function judgeChain(monitors: readonly Monitor[], blocks: readonly ServedBlock[], faults: readonly Fault[]) {
  const node = await startNode({ blocks })
  for (const fault of faults) node.faults.add(fault)
  const found: Found[] = []
  const blind: { monitor: string; reason: string }[] = []
  try {
    const range = { from: blocks[0]!.number, to: blocks.at(-1)!.number }
    for await (const block of replay({ client: openTestClient(node.url), monitors, ahead: 2 }, range)) {
      blind.push(...block.blind)
      for (const { finding, sighting } of block.sighted) {
        const { monitor, transactionHash: transaction, title, facts } = finding
        found.push({ monitor, transaction, logIndex: sighting.logIndex, title, facts })
      }
    }
  } finally {
    await node.close()
  }
  return { found, blind }
}
