import { KnownError } from '../src/model/error.ts'
import type { Attack } from './attacks/attack.ts'
import { failedBurst } from './attacks/failedBurst.ts'
import { maliciousUpgrade } from './attacks/maliciousUpgrade.ts'
import { priceManipulation } from './attacks/priceManipulation.ts'
import { reentrancyDrain } from './attacks/reentrancyDrain.ts'
import { roleGrab } from './attacks/roleGrab.ts'
import { silentUpgrade } from './attacks/silentUpgrade.ts'
import { treasuryOutflow } from './attacks/treasuryOutflow.ts'

export type { Attack } from './attacks/attack.ts'

/** What can be set off on the demo chain, by name. */
export const attacks: ReadonlyMap<string, Attack> = new Map(
  [reentrancyDrain, priceManipulation, maliciousUpgrade, silentUpgrade, roleGrab, treasuryOutflow, failedBurst].map(
    (attack) => [attack.name, attack],
  ),
)

/** @throws {KnownError} No attack has this name. */
export function getAttack(name: string): Attack {
  const attack = attacks.get(name)
  if (attack) return attack
  throw new KnownError('not_found', `There is no attack named "${name.slice(0, 80)}".`, {
    hints: [`Choose one of: ${[...attacks.keys()].join(', ')}.`],
  })
}
