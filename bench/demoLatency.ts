import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { startDemo } from '../demo/startDemo.ts'
import { raise } from '../src/alerts/raise.ts'
import { alertContextOf } from '../src/app/alertContextOf.ts'
import { plugIns } from '../src/app/plugIns.ts'
import { watchChains } from '../src/app/watchChains.ts'
import type { Config } from '../src/config/config.ts'
import { loadConfig } from '../src/config/loadConfig.ts'
import { openDatabase } from '../src/store/openDatabase.ts'
import type { WatchNote } from '../src/watch/watchedChain.ts'

const monitors = 100
const firing = 10
const blocks = 60

type Latency = { ms: number; findings: number }

/**
 * From a block that anvil has told of to its commit with its alerts, on the demo chain with its traffic: a hundred
 * monitors, of which ten find something in nearly every block.
 */
export async function demoLatency(): Promise<Record<string, unknown>[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-latency-'))
  const database = await openDatabase({ dataDirectory: join(directory, 'data') })
  const demo = await startDemo({ dataDirectory: directory, onProgress: () => undefined })
  try {
    const config = manyMonitors(demo.configPath)
    const latencies = await measure(config, demo.rpcUrl, database)
    const ms = latencies.map((latency) => latency.ms).toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(ms[Math.min(ms.length - 1, Math.floor(ms.length * share))]! * 10) / 10
    const findings = latencies.reduce((sum, latency) => sum + latency.findings, 0)
    const limits = { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1), p95MsMax: 300 }
    return [{ bench: 'demoLatency', monitors: config.monitors.length, blocks: ms.length, findings, ...limits }]
  } finally {
    await demo.stop()
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The demo's own monitors again and again under other names, and some that the ordinary traffic sets off. */
function manyMonitors(configPath: string): Config {
  const file = parse(readFileSync(configPath, 'utf8')) as { monitors: Record<string, object> }
  const own = Object.entries(file.monitors)
  const quiet = Array.from({ length: monitors - firing }, (_, index) => {
    const [name, monitor] = own[index % own.length]!
    return [`${name}-${index}`, monitor] as const
  })
  const loud = Array.from({ length: firing }, (_, index) => {
    return [
      `any-transfer-${index}`,
      { use: 'expression', on: 'dusd', when: `event Transfer if value > ${index}` },
    ] as const
  })
  const path = join(dirname(configPath), 'many.yaml')
  writeFileSync(path, stringify({ ...file, monitors: Object.fromEntries([...quiet, ...loud]) }))
  return loadConfig(path, plugIns)
}

async function measure(
  config: Config,
  rpcUrl: string,
  database: Awaited<ReturnType<typeof openDatabase>>,
): Promise<Latency[]> {
  const available = new Map<number, number>()
  const socket = listenForHeads(rpcUrl, (number) => available.set(number, performance.now()))
  const context = alertContextOf(config, 'http://localhost')
  const stopping = new AbortController()
  const latencies: Latency[] = []
  const { promise: enough, resolve } = Promise.withResolvers<void>()
  const onNote = (note: WatchNote) => {
    const start = note.kind === 'committed' ? available.get(note.block.number) : undefined
    if (note.kind !== 'committed' || start === undefined) return
    latencies.push({ ms: performance.now() - start, findings: note.findings })
    if (latencies.length >= blocks) resolve()
  }
  const watch = watchChains(config, {
    db: database.db,
    raise: (tx, raised) => raise(tx, context, raised),
    signal: stopping.signal,
    onNote: () => onNote,
  })
  await enough
  stopping.abort()
  await watch.done
  socket.close()
  return latencies
}

function listenForHeads(rpcUrl: string, onHead: (number: number) => void): WebSocket {
  const socket = new WebSocket(rpcUrl.replace(/^http/, 'ws'))
  socket.onopen = () => socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}')
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { params?: { result?: { number?: string } } }
    const number = message.params?.result?.number
    if (number) onHead(Number(number))
  }
  return socket
}
