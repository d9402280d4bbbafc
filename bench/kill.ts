import { killRun } from '../test/smoke/killRun.ts'
import type { Bench } from './figure.ts'

const [kills, blocks] = [50, 600]

/** What is lost or doubled when the watch is killed again and again: nothing. */
export const kill: Bench = async function* () {
  const { different, lost, unknown, ...counts } = await killRun({ kills, blocks, seed: 50 })
  const faults = { different, lost, unknown }
  for (const [what, found] of Object.entries(faults)) {
    yield {
      figure: `${what} after ${kills} kills`,
      value: found.length,
      unit: what === 'different' ? 'tables' : 'messages',
      found,
      ...counts,
    }
  }
}
