import type { Address } from '../src/model/chain.ts'
import { listBlindness } from '../src/store/blindness.ts'
import { busiest } from '../test/harness/busiest.ts'
import { recordedReceipts } from '../test/harness/corpus.ts'
import { createTestDatabase } from '../test/harness/database.ts'
import { presetMonitors } from '../test/harness/presetMonitors.ts'
import { recordedCalls } from '../test/harness/recordedCalls.ts'
import { startWatch } from '../test/harness/watchScene.ts'
import { percentile, rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'

const [blocks, everyMs, busy] = [Number(process.env.PRESET_BLOCKS) || 100, 2000, 10]

/**
 * From the moment at which a node shows a block to the commit of what was found in it, with all detectors on, around the
 * ten contracts that are busiest in the recorded blocks: with the calls inside transactions, and by logs alone.
 */
export const presets: Bench = async function* () {
  yield* latency('with traces', 'traces', busiestCalled())
  yield* latency('logs only', 'receipts', busiestLogging())
}

async function* latency(what: string, from: 'traces' | 'receipts', addresses: readonly Address[]) {
  const { monitors, left } = presetMonitors(addresses, { traces: from === 'traces' })
  const node = await startNodeProcess({ shown: 30, hidden: blocks, from })
  const database = await createTestDatabase()
  const watch = startWatch({
    db: database.db,
    urls: [node.wsUrl],
    monitors,
    chain: { startAt: 1, pollMs: 1000 },
    timeoutMs: 15_000,
  })
  await watch.until(() => watch.status().cursor?.blockNumber === 30)
  const shownAt = new Map<number, number>()
  const took: number[] = []
  let findings = 0
  let read = watch.notes.length
  node.show({ blocks, everyMs }, (number, at) => shownAt.set(number, at))
  await watch.until(() => {
    for (; read < watch.notes.length; read++) {
      const note = watch.notes[read]!
      if (note.kind !== 'committed') continue
      const start = shownAt.get(note.block.number)
      if (start !== undefined) took.push(performance.timeOrigin + performance.now() - start)
      findings += note.findings
    }
    return watch.status().cursor?.blockNumber === 30 + blocks
  })
  await watch.stop()
  await node.stop()
  const blind = await listBlindness(database.db)
  await database.drop()
  const details = {
    blind: blind.map(({ monitor, reason }) => `${monitor}: ${reason}`),
    detectors: monitors.length,
    contracts: addresses.length,
    blocks,
    everyMs,
    findings,
    left,
  }
  for (const percent of [50, 95]) {
    yield { figure: `${what}, p${percent}`, value: rounded(percentile(took, percent), 1), unit: 'ms', ...details }
  }
}

const busiestCalled = () =>
  busiest(
    recordedCalls().flatMap(({ transactions }) =>
      transactions.flatMap(({ to, input }) => (to && input !== '0x' ? [to] : [])),
    ),
    busy,
  )

const busiestLogging = () =>
  busiest(
    recordedReceipts().flatMap(({ receipts }) => receipts.flatMap(({ logs }) => logs.map(({ address }) => address))),
    busy,
  )
