import { defineCommand } from 'citty'
import { openClient } from '../app/openClient.ts'
import { openRecording } from '../app/openRecording.ts'
import type { ChainConfig } from '../config/config.ts'
import { KnownError } from '../model/error.ts'
import { compareSeverity, severities } from '../model/severity.ts'
import type { Replayed } from '../watch/replay.ts'
import { type BlockSpan, blockNumber, blockSpan } from './replay/blockSpan.ts'
import { playSpan } from './replay/playSpan.ts'
import { replayedPart } from './replay/replayedPart.ts'
import { summaryText } from './replay/tally.ts'
import { warmUpLine } from './replay/warmUpLine.ts'
import { warmUpMonitors } from './replay/warmUpMonitors.ts'
import { warmUpText } from './replay/warmUpText.ts'
import { UsageError } from './usageError.ts'

export const replayCommand = defineCommand({
  meta: { name: 'replay', description: 'Shows the monitors a stretch of the past. Notifies nobody.' },
  args: {
    config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' },
    from: { type: 'string', description: 'First block', valueHint: 'N' },
    to: { type: 'string', description: 'Last block, included', valueHint: 'M' },
    recording: {
      type: 'string',
      description: 'A file that `tocsin record` wrote, to be played instead of the chain: by default all of its blocks',
      valueHint: 'FILE',
    },
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
    expect: {
      type: 'enum',
      options: [...severities],
      description: 'End with code 1 where nothing as grave as this is found',
      valueHint: 'SEVERITY',
    },
    format: { type: 'enum', options: ['text', 'ndjson'], default: 'text', description: 'text or ndjson' },
  },
  async run({ args }) {
    const budget = pagesOf(args.budget)
    const { client, span, lookBack, monitors, hasDefaults } = openPast(args)
    // Whoever reads us may have seen enough, as `head` does.
    process.stdout.on('error', () => process.exit(1))
    const warmUp = warmUpMonitors(monitors, budget)
    const print = args.format === 'ndjson' ? printJson : printText
    const { expect: wanted } = args
    let isFound = wanted === undefined
    const summary = await playSpan({ client, monitors, span, lookBack }, (replayed) => {
      warmUp.add(replayed)
      isFound ||= replayed.sighted.some(({ finding }) => compareSeverity(finding.severity, wanted!) >= 0)
      return print(replayed)
    })
    const report = warmUp.report()
    const { learnt, ...counted } = summary
    const lines = [
      ...(learnt ? [{ kind: 'learnt', schema: 1, ...learnt }] : []),
      warmUpLine(report),
      { kind: 'summary', schema: 1, ...counted },
    ]
    await write(
      args.format === 'ndjson'
        ? lines.map((line) => `${JSON.stringify(line)}\n`).join('')
        : summaryText(summary) + warmUpText(report, { hasDefaults }),
    )
    if (summary.blind.length > 0) process.exitCode = 3
    if (!isFound) throw new KnownError('not_found', `Nothing was found that is ${wanted} or graver.`)
  },
})

type Past = { config: string } & { [Name in 'chain' | 'from' | 'to' | 'recording' | 'look-back']?: string | undefined }

/** Of the chain, or out of a recording of it, which holds nothing of what was before. */
function openPast({ from, to, recording: file, 'look-back': lookBack, ...args }: Past) {
  if (file === undefined) {
    if (from === undefined || to === undefined) {
      throw new UsageError('Say which blocks: --from N --to M, or --recording FILE.')
    }
    const span = blockSpan(from, to)
    const part = replayedPart(args)
    return { ...part, span, lookBack: lookBackOf(part.chain, lookBack), client: openClient(part.chain) }
  }
  const recording = openRecording(file)
  const span = blockSpan(from ?? `${recording.from}`, to ?? `${recording.to}`)
  mustHold(file, recording, span)
  const part = replayedPart(args, recording.chainId)
  const held = Math.min(span.from - recording.from, lookBackOf(part.chain, lookBack))
  return { ...part, span, lookBack: held, client: recording.client(part.chain) }
}

const lookBackOf = (chain: ChainConfig, given: string | undefined): number =>
  given === undefined ? chain.lookBack : blockNumber('--look-back', given)

function mustHold(file: string, recording: BlockSpan, { from, to }: BlockSpan): void {
  if (recording.from <= from && to <= recording.to) return
  const held = `${recording.from} to ${recording.to}`
  throw new KnownError('not_found', `${file} holds the blocks from ${held}, not those from ${from} to ${to}.`)
}

function pagesOf(text: string): number {
  const pages = /^[0-9]{1,6}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(pages)) return pages
  throw new KnownError('invalid', `--budget ${text} is no number of pages in a month, such as 0.2.`)
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

/** Waits for a slow reader instead of holding everything in memory. */
function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return Promise.resolve()
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()))
}
