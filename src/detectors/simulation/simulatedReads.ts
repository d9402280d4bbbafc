import { outcomesOf, type Simulated } from '../../evm/simulation.ts'
import type { Observation } from '../../model/observation.ts'
import type { Probe, Read, SimulatedCall } from '../../model/read.ts'

/** What is so now, and what would be so after some calls. */
export const nowRead = (probe: Probe): Read => ({ at: 'block', ...probe })
export const thenRead = (
  calls: readonly SimulatedCall[],
  probes: readonly Probe[],
  rest: { time?: number; rich?: true } = {},
): Read => ({ at: 'block', kind: 'simulation', calls, probes, ...rest })

/** Answers of one simulation. `blind`: nobody could tell; null: it cannot even be tried. */
export function simulatedIn(observation: Pick<Observation, 'state'>, read: Read): Simulated | { blind: string } | null {
  const result = observation.state(read)
  if (result.ok) return outcomesOf(result.data)
  return result.reverted ? null : { blind: result.reason }
}
