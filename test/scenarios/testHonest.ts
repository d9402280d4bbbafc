import { expect, test } from 'vitest'
import type { Play } from '../../demo/scenarios/scenario.ts'
import type { Stage } from '../../demo/scenarios/stage.ts'
import { playScenario } from './playScenario.ts'

export type Honest = Omit<Play, 'attack' | 'victims'>

/** Nobody is woken, and nobody blind, while these are done. */
export function testHonest(deeds: Record<string, (stage: Stage) => Promise<Honest>>, timeout = 120_000): void {
  test.each(Object.entries(deeds))('%s: nobody is woken', { timeout }, async (name, build) => {
    const { falsely, beforehand, blind } = await playScenario({
      ...{ name, theme: 'value', attack: '', twin: name },
      async build(stage) {
        return { ...(await build(stage)), victims: [], attack: () => stage.mine(1) }
      },
    })
    expect({ falsely, beforehand, blind }).toEqual({ falsely: [], beforehand: [], blind: [] })
  })
}
