import { createChainClient } from '../src/evm/rpc/chainClient.ts'
import { createProvider } from '../src/evm/rpc/provider.ts'
import { replay } from '../src/watch/replay.ts'
import { rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'
import { tokenMonitors, tokenRules } from './tokenRules.ts'

const megabyte = 1024 * 1024

/** The memory of a process that replays so many recorded blocks, early and at the end. MEMORY_BLOCKS sets how many. */
export const memory: Bench = async function* () {
  const last = Number(process.env.MEMORY_BLOCKS) || 20_000
  const early = last / 4
  const node = await startNodeProcess({ shown: last })
  const client = createChainClient([createProvider({ url: node.url, chainId: 1, timeoutMs: 60_000 })])
  const monitors = tokenMonitors(tokenRules({ busy: 200, idle: 800 }))
  const rss = new Map<number, number>()
  let peak = 0
  for await (const { block } of replay({ client, monitors, ahead: 16 }, { from: 1, to: last })) {
    if (block.number % 100 !== 0) continue
    const now = process.memoryUsage.rss()
    peak = Math.max(peak, now)
    if (block.number === early || block.number === last) rss.set(block.number, now)
  }
  client.close()
  await node.stop()
  const [before, after] = [rss.get(early)!, rss.get(last)!]
  const details = { monitors: monitors.length, blocks: last }
  yield { figure: `memory after ${early} blocks`, value: Math.round(before / megabyte), unit: 'MB', ...details }
  yield { figure: `memory after ${last} blocks`, value: Math.round(after / megabyte), unit: 'MB', ...details }
  yield { figure: 'most memory', value: Math.round(peak / megabyte), unit: 'MB', ...details }
  yield { figure: 'late by early memory', value: rounded(after / before), unit: 'ratio', ...details }
}
