import { hasCorpus } from '../test/harness/corpus.ts'
import { killRun } from '../test/smoke/killRun.ts'
import type { Bench } from './figure.ts'

const [kills, blocks] = [50, 600]

/** What is lost or doubled when the watch is killed again and again: nothing. */
export const kill: Bench = async function* () {
  for (const scene of hasCorpus ? (['corpus', 'crafted'] as const) : (['crafted'] as const)) {
    const { different, lost, unknown, ...counts } = await killRun({ scene, kills, blocks, seed: 50 })
    const faults = { different, lost, unknown }
    for (const [what, found] of Object.entries(faults)) {
      const unit = what === 'different' ? 'tables' : 'messages'
      yield { figure: `${what} after ${kills} kills`, value: found.length, unit, scene, found, ...counts }
    }
  }
}
