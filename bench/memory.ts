import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'
import { tokenRules } from './tokenRules.ts'

const [busy, idle] = [200, 800]

/**
 * The memory of `tocsin replay`, as a published package runs it, over so many recorded blocks. MEMORY_BLOCKS sets how many.
 * Whether it grows is told by the most of the first quarter and of the last: it rises and falls by up to 100 MB with each
 * collection, a few thousand blocks apart, so that single readings differ by chance.
 */
export const memory: Bench = async function* () {
  const last = Number(process.env.MEMORY_BLOCKS) || 20_000
  const early = last / 4
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-memory-'))
  const node = await startNodeProcess({ shown: last })
  try {
    const samples = await replayed(packageIn(folder), configIn(folder, node.url), last)
    const most = (from: number, to: number) =>
      Math.max(...samples.filter(({ block }) => block >= from && block <= to).map(({ megabytes }) => megabytes))
    const details = { monitors: busy + idle, blocks: last }
    yield { figure: `memory after ${last} blocks`, value: samples.at(-1)!.megabytes, unit: 'MB', ...details }
    yield { figure: 'most memory', value: most(1, last), unit: 'MB', ...details }
    yield { figure: `most memory in blocks 1 to ${early}`, value: most(1, early), unit: 'MB', ...details }
    yield { figure: `most memory in the last ${early} blocks`, value: most(last - early, last), unit: 'MB', ...details }
    yield {
      figure: 'late by early memory',
      value: rounded(most(last - early, last) / most(1, early)),
      unit: 'ratio',
      ...details,
    }
  } finally {
    await node.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes what a published package holds. Gives its command. */
function packageIn(folder: string): string {
  execFileSync(process.execPath, ['bin/build.js', join(folder, 'dist')], { stdio: ['ignore', 'ignore', 'inherit'] })
  for (const path of ['bin', 'package.json']) cpSync(path, join(folder, path), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return join(folder, 'bin/tocsin.js')
}

/** The rules of the other benches as a user writes them. */
function configIn(folder: string, rpc: string): string {
  const rules = tokenRules({ busy, idle }).map(({ address, event, condition }, place) => ({
    contract: [`token_${place}`, { chain: 'mainnet', address, kind: 'erc20' }] as const,
    monitor: [
      `rule-${place}`,
      { use: 'expression', on: `token_${place}`, when: `event ${event} if ${condition}` },
    ] as const,
  }))
  const path = join(folder, 'tocsin.yaml')
  const config = {
    chains: { mainnet: { id: 1, rpc } },
    contracts: Object.fromEntries(rules.map(({ contract }) => contract)),
    monitors: Object.fromEntries(rules.map(({ monitor }) => monitor)),
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

/** What the process holds in memory, read as its findings tell how far it is: at every 100th block or so. */
async function replayed(
  command: string,
  config: string,
  last: number,
): Promise<{ block: number; megabytes: number }[]> {
  const args = [command, 'replay', '--config', config, '--from', '1', '--to', String(last), '--format', 'ndjson']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const samples: { block: number; megabytes: number }[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const block = Number(/"blockNumber":(\d+)/.exec(line)?.[1])
    if (!(block >= (samples.at(-1)?.block ?? 0) + 100)) continue
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' }))
    samples.push({ block, megabytes: Math.round(kilobytes / 1024) })
  }
  // 3: a few of the contracts log under the names of a token what is none, and their monitors say that they are blind.
  const [code] = await ended
  if (code !== 0 && code !== 3) throw new Error(`tocsin replay ended with code ${code}`)
  return samples
}
