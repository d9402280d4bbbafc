import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from 'citty'
import { openClient } from '../app/openClient.ts'
import { plugIns } from '../app/plugIns.ts'
import { loadConfig } from '../config/loadConfig.ts'
import { patientClient } from '../evm/rpc/patientClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { KnownError } from '../model/error.ts'
import { type Lesson, learn } from '../watch/learn.ts'
import { type Replayed, replay } from '../watch/replay.ts'
import { warmUpLine } from './replay/warmUpLine.ts'
import { warmUpMonitors } from './replay/warmUpMonitors.ts'
import { warmUpText } from './replay/warmUpText.ts'

const ahead = 8

export const replayCommand = defineCommand({
  meta: { name: 'replay', description: 'Shows the monitors a stretch of the past. Notifies nobody.' },
  args: {
    config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' },
    from: { type: 'string', description: 'First block', required: true, valueHint: 'N' },
    to: { type: 'string', description: 'Last block, included', required: true, valueHint: 'M' },
    chain: { type: 'string', description: 'Name of the chain, where the config has several', valueHint: 'NAME' },
    budget: {
      type: 'string',
      description: 'Pages in a month that the monitors may raise together; what would keep to it is proposed',
      default: '0.2',
      valueHint: 'PAGES',
    },
    'look-back': {
      type: 'string',
      description: 'How many blocks before the first are read to learn what is usual (Default: lookBack of the chain)',
      valueHint: 'N',
    },
    format: { type: 'enum', options: ['text', 'ndjson'], default: 'text', description: 'text or ndjson' },
  },
  async run({ args }) {
    const budget = pagesOf(args.budget)
    const { chain, monitors, hasDefaults } = replayedPart(args)
    const lookBack = args['look-back'] === undefined ? chain.lookBack : blockNumber('--look-back', args['look-back'])
    const range = { from: blockNumber('--from', args.from), to: blockNumber('--to', args.to) }
    if (range.to < range.from) throw new KnownError('invalid', `--to ${range.to} comes before --from ${range.from}.`)
    const client = openClient(chain)
    // Whoever reads us may have seen enough, as `head` does.
    process.stdout.on('error', () => process.exit(1))
    const start = performance.now()
    const tally = createTally()
    for (const { name, watch } of monitors) if (watch.bridge) tally.leaveOut(name, oneChainOnly, blocksOf(range))
    const warmUp = warmUpMonitors(monitors, budget)
    const print = args.format === 'ndjson' ? printJson : printText
    let learnt: Lesson | undefined
    try {
      learnt = await learn({ client, monitors, ahead }, { first: range.from, lookBack })
      const patient = patientClient(client, sleep)
      for await (const replayed of replay({ client: patient, monitors, ahead }, range, learnt)) {
        tally.add(replayed)
        warmUp.add(replayed)
        await print(replayed)
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      tally.giveUp(blocksOf(range), error.message)
      process.stderr.write([error.message, ...error.hints.map((hint) => `  ${hint}`), ''].join('\n'))
    } finally {
      client.close()
    }
    const rpcCalls = client.providers().reduce((sum, provider) => sum + provider.requests, 0)
    const summary = {
      ...tally.summary(),
      elapsedMs: Math.round(performance.now() - start),
      rpcCalls,
      blind: tally.blind(),
      learnt: learnt?.range ?? null,
    }
    const report = warmUp.report()
    await write(
      args.format === 'ndjson'
        ? [warmUpLine(report), { kind: 'summary', schema: 1, ...summary }]
            .map((line) => `${JSON.stringify(line)}\n`)
            .join('')
        : inWords(summary) + warmUpText(report, { hasDefaults }),
    )
    if (summary.blind.length > 0) process.exitCode = 3
  },
})

const oneChainOnly = 'It compares two chains, and one alone is replayed: nothing was judged.'

const blocksOf = ({ from, to }: { from: number; to: number }) => to - from + 1

/** No more of the config than is played: the text and places of all of it take more memory than a long replay does. */
function replayedPart({ config: file, chain: wanted }: { config: string; chain?: string | undefined }) {
  const { chains, monitors, hasDefaults } = loadConfig(file, plugIns)
  const chain = wanted ? chains.find(({ name }) => name === wanted) : chains[0]
  if (!chain || (!wanted && chains.length > 1)) {
    const names = chains.map(({ name }) => name).join(', ')
    throw new KnownError('invalid', `Say which chain: --chain ${names}.`)
  }
  return { chain, monitors: monitors.filter(({ chainId }) => chainId === chain.id), hasDefaults }
}

function blockNumber(option: string, text: string): number {
  const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw new KnownError('invalid', `${option} ${text} is no block number.`)
}

function pagesOf(text: string): number {
  const pages = /^[0-9]{1,6}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(pages)) return pages
  throw new KnownError('invalid', `--budget ${text} is no number of pages in a month, such as 0.2.`)
}

/** Counts what was replayed, and who could not look how often. */
function createTally() {
  const counts = { blocks: 0, transactions: 0, logs: 0, findings: 0 }
  const blind = new Map<string, { monitor: string; reason: string; blocks: number }>()
  const note = (monitor: string, reason: string, blocks = 1) => {
    const known = blind.get(monitor) ?? { monitor, reason, blocks: 0 }
    blind.set(monitor, { ...known, blocks: known.blocks + blocks })
  }
  return {
    add({ block, sighted, blind: unseeing, faults }: Replayed) {
      counts.blocks++
      counts.transactions += block.transactions.length
      counts.logs += (block.receipts ?? []).reduce((sum, { logs }) => sum + logs.length, 0)
      counts.findings += sighted.length
      for (const { monitor, reason } of unseeing) note(monitor, reason)
      if (faults[0] !== undefined) note('*', faults[0])
    },
    leaveOut: note,
    /** The rest of so many blocks cannot be read. */
    giveUp: (blocks: number, reason: string) => note('*', reason, blocks - counts.blocks),
    summary: () => counts,
    blind: () => [...blind.values()],
  }
}

type Summary = ReturnType<ReturnType<typeof createTally>['summary']> & {
  elapsedMs: number
  rpcCalls: number
  blind: { monitor: string; reason: string; blocks: number }[]
  learnt: Lesson['range']
}

async function printJson({ block, sighted }: Replayed): Promise<void> {
  for (const { finding, sighting } of sighted) {
    const { id, detector, monitor, severity, evidence, title, chainId, transactionHash, address, facts } = finding
    const place = { chainId, blockNumber: block.number, blockHash: block.hash, timestamp: block.timestamp }
    const line = { kind: 'finding', schema: 1, id, detector, monitor, severity, evidence, title, ...place }
    await write(`${JSON.stringify({ ...line, transactionHash, logIndex: sighting.logIndex, address, facts })}\n`)
  }
}

async function printText({ block, sighted }: Replayed): Promise<void> {
  for (const { finding } of sighted) {
    const when = new Date(block.timestamp * 1000).toISOString().slice(0, 19).replace('T', ' ')
    const where = finding.transactionHash ? ` in ${finding.transactionHash}` : ''
    await write(
      `${when}  block ${block.number}  ${finding.severity.padEnd(8)}  ${finding.monitor}: ${finding.title}${where}\n`,
    )
  }
}

function inWords({ blocks, transactions, logs, findings, elapsedMs, rpcCalls, blind, learnt }: Summary): string {
  const looked = `${blocks} blocks with ${transactions} transactions and ${logs} logs read in ${(elapsedMs / 1000).toFixed(1)} s`
  const lines = [`${findings} findings; ${looked}, with ${rpcCalls} requests.`]
  if (learnt) {
    const { from, to } = learnt
    lines.push(`What is usual was learnt from blocks ${from} to ${to} before; what happened there is not shown.`)
  }
  for (const { monitor, reason, blocks: count } of blind) {
    lines.push(`BLIND in ${count} blocks: ${monitor === '*' ? 'all monitors' : monitor}, because ${reason}`)
  }
  return `${lines.join('\n')}\n`
}

/** Waits for a slow reader instead of holding everything in memory. */
function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return Promise.resolve()
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()))
}
