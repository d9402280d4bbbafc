import { expect, test } from 'vitest'
import type { FaultCase } from './faultCase.ts'
import { runFaultCase } from './runFaultCase.ts'

const blocks = 500
const seed = 20_261_125
const limitMs = 120_000

/** One test for each fault: every canary once, whatever goes wrong. */
export function testFaults(cases: readonly FaultCase[]): void {
  test.each(cases.map((fault) => [fault.name, fault] as const))(
    '%s',
    async (_, fault) => {
      const { canaries, lost, doubled, orphaned, untrue, behind } = await runFaultCase(fault, { blocks, seed, limitMs })
      const wrong = { lost, doubled, orphaned, untrue, behind }
      expect(wrong).toEqual({ lost: 0, doubled: 0, orphaned: 0, untrue: 0, behind: 0 })
      expect(canaries).toBeGreaterThanOrEqual(blocks)
    },
    limitMs + 30_000,
  )
}
