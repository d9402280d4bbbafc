import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { plugIns } from '../../src/app/plugIns.ts'
import { importFolder } from '../../src/cli/import/importFolder.ts'
import type { RemarkKind } from '../../src/cli/import/remarks.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { replay } from '../../src/watch/replay.ts'
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
    written: () => parse(readFileSync(out, 'utf8')) as WrittenConfig,
    /** What the imported config finds in a chain, by monitor: the place of the transaction and of the log in its block. */
    async judge(env: Record<string, string>, blocks: readonly ServedBlock[], faults: readonly Fault[] = []) {
      const { monitors } = loadConfig(out, plugIns, env)
      const node = await startNode({ blocks })
      for (const fault of faults) node.faults.add(fault)
      const found: {
        monitor: string
        transaction: string | null
        logIndex: number | null
        title: string
        facts: object
      }[] = []
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
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
  return scene
}
