import { faultCases } from '../test/faults/faultCases.ts'
import { runFaultCase } from '../test/faults/runFaultCase.ts'
import type { Bench } from './figure.ts'

const seed = 1
/** `FAULT_BLOCKS=1000` makes it a matter of minutes. */
const blocks = Number(process.env.FAULT_BLOCKS ?? 10_000)
/** Far more than it takes: a watch that stands still is given up, and is behind. */
const limitMs = 300 * blocks

/** Canaries that any fault loses, doubles, tells wrongly or leaves standing on an orphaned side: none. Takes an hour. */
export const faults: Bench = async function* () {
  for (const fault of Object.values(faultCases).flat()) {
    const outcome = await runFaultCase(fault, { blocks, seed, limitMs })
    const { lost, doubled, orphaned, untrue, behind } = outcome
    const value = lost + doubled + orphaned + untrue + behind
    yield {
      figure: `canaries that are not told once and truly, with ${fault.name}`,
      value,
      unit: 'canaries',
      ...outcome,
    }
  }
}
