import { minterForStranger } from './scenarios/access/minterForStranger.ts'
import { roleGrab } from './scenarios/access/roleGrab.ts'
import { silentSlotWrite } from './scenarios/access/silentSlotWrite.ts'
import { stolenUpgradeKey } from './scenarios/access/stolenUpgradeKey.ts'
import type { Scenario } from './scenarios/scenario.ts'

/** The library of attacks and of what looks like them, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [stolenUpgradeKey, silentSlotWrite, roleGrab, minterForStranger].map((scenario) => [scenario.name, scenario]),
)
