import type { Address } from '../../../model/chain.ts'
import type { RememberedSign } from './rememberedSign.ts'

/** Signs that belong together, in the order in which they came. `actors`: all who had a hand in them. */
export type Situation = { signs: RememberedSign[]; actors: Address[] }

/** What is about state has no actor, and belongs to what strangers did to the same contract within this time. */
const nearSeconds = 3_600

/**
 * Joins signs that share an actor, directly or through others. What nobody in particular did, such as a price that is
 * off, joins what was done to the same contract at that time, and is no situation by itself.
 */
export function situationsOf(signs: readonly RememberedSign[]): Situation[] {
  let situations: Situation[] = []
  for (const sign of signs) {
    if (sign.actors.length === 0) continue
    const touched = situations.filter(({ actors }) => actors.some((actor) => sign.actors.includes(actor)))
    const joined = {
      signs: [...touched.flatMap((each) => each.signs), sign],
      actors: [...new Set([...touched.flatMap((each) => each.actors), ...sign.actors])],
    }
    situations = [...situations.filter((each) => !touched.includes(each)), joined]
  }
  const nobodys = signs.filter(({ actors }) => actors.length === 0)
  return situations.map(({ signs: own, actors }) => {
    const near = nobodys.filter((sign) => own.some((each) => isNear(sign, each)))
    return { signs: [...own, ...near].toSorted((a, b) => a.block - b.block), actors }
  })
}

const isNear = (a: RememberedSign, b: RememberedSign): boolean =>
  a.address === b.address && Math.abs(a.time - b.time) <= nearSeconds
