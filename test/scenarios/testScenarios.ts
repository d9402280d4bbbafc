import { expect, test } from 'vitest'
import type { Theme } from '../../demo/scenarios/scenario.ts'
import { scenarios } from '../../demo/scenarios.ts'
import { playScenario } from './playScenario.ts'

/** Each attack of a theme is found in time, its twin pages nobody, and nobody is blind meanwhile. */
export function testScenarios(theme: Theme): void {
  for (const scenario of scenarios.values()) {
    if (scenario.theme !== theme) continue
    test(`${scenario.name}: the attack is found, its twin pages nobody`, { timeout: 120_000 }, async () => {
      const { found, foundLate, falsely, beforehand, said, blind } = await playScenario(scenario)
      expect({ falsely, beforehand, blind }).toEqual({ falsely: [], beforehand: [], blind: [] })
      expect(found, `said was only: ${JSON.stringify(said, null, 2)}`).not.toEqual([])
      expect(foundLate, 'who starts after `init` finds nothing').not.toEqual([])
    })
  }
}
