import { createTestDatabase } from '../test/harness/database.ts'
import { startWatch } from '../test/harness/watchScene.ts'
import { percentile, rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'
import { tokenMonitors, tokenRules } from './tokenRules.ts'

/** HEAD_BLOCKS sets the number of blocks at each pace, for a short trial. */
const trial = Number(process.env.HEAD_BLOCKS) || null
const paces = [
  { blocks: 200, everyMs: 2000 },
  { blocks: 2000, everyMs: 100 },
]

/**
 * From the moment at which a node shows a block to the commit of what was found in it: recorded mainnet blocks, 1,000
 * monitors, PostgreSQL, the node in a process of its own and heard over a WebSocket.
 */
export const headLatency: Bench = async function* () {
  const monitors = tokenMonitors(tokenRules({ busy: 200, idle: 800 }))
  for (const { everyMs, ...full } of paces) {
    const blocks = trial ?? full.blocks
    const node = await startNodeProcess({ shown: 30, hidden: blocks })
    const database = await createTestDatabase()
    const watch = startWatch({ db: database.db, urls: [node.wsUrl], monitors, chain: { startAt: 1, pollMs: 1000 } })
    await watch.until(() => watch.status().cursor?.blockNumber === 30)
    const shownAt = new Map<number, number>()
    const took: number[] = []
    let findings = 0
    const seen = watch.notes.length
    node.show({ blocks, everyMs }, (number, at) => shownAt.set(number, at))
    let read = seen
    await watch.until(() => {
      for (; read < watch.notes.length; read++) {
        const note = watch.notes[read]!
        if (note.kind !== 'committed') continue
        const start = shownAt.get(note.block.number)
        const now = performance.timeOrigin + performance.now()
        if (start !== undefined) took.push(now - start)
        findings += note.findings
      }
      return watch.status().cursor?.blockNumber === 30 + blocks
    })
    await watch.stop()
    await node.stop()
    await database.drop()
    for (const percent of [50, 95, 99]) {
      const value = rounded(percentile(took, percent), 1)
      const details = { monitors: monitors.length, blocks, everyMs, findings }
      yield { figure: `block shown to alerts committed, p${percent}`, value, unit: 'ms', ...details }
    }
  }
}
