import { minterForStranger } from './scenarios/access/minterForStranger.ts'
import { roleGrab } from './scenarios/access/roleGrab.ts'
import { silentSlotWrite } from './scenarios/access/silentSlotWrite.ts'
import { stolenUpgradeKey } from './scenarios/access/stolenUpgradeKey.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { burnHole } from './scenarios/value/burnHole.ts'
import { firstDeposit } from './scenarios/value/firstDeposit.ts'
import { looseWrapper } from './scenarios/value/looseWrapper.ts'
import { ticketTwice } from './scenarios/value/ticketTwice.ts'
import { unbackedDeposits } from './scenarios/value/unbackedDeposits.ts'
import { zapVault } from './scenarios/value/zapVault.ts'

/** The library of attacks and of what looks like them, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [
    stolenUpgradeKey,
    silentSlotWrite,
    roleGrab,
    minterForStranger,
    burnHole,
    firstDeposit,
    looseWrapper,
    ticketTwice,
    unbackedDeposits,
    zapVault,
  ].map((scenario) => [scenario.name, scenario]),
)
