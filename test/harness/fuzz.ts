import fc from 'fast-check'
import { test } from 'vitest'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_125)
const longer = Number(process.env.FUZZ_SECONDS ?? 0)

/**
 * A test that searches for inputs with which a property fails, for so many seconds: the same inputs in each run.
 * `FUZZ_SEED` searches elsewhere, `FUZZ_SECONDS` longer.
 */
export function fuzz<Input>(
  name: string,
  seconds: number,
  inputs: fc.Arbitrary<Input>,
  holds: (input: Input) => void | Promise<void>,
): void {
  const ms = (longer || seconds) * 1000
  const run = { seed, numRuns: longer ? 1e9 : 100_000, interruptAfterTimeLimit: ms, markInterruptAsFailure: false }
  const property = fc.asyncProperty(inputs, async (input) => holds(input))
  test(name, () => fc.assert(property, run), ms + 30_000)
}
