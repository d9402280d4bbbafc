import type { Address, Hex } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { kindMin, readAmount } from '../../tokens/balances.ts'
import { claimItems } from './claims.ts'
import type { Dealing } from './dealings.ts'
import { fallsOfItem, type ItemPaid, itemsHeld, itemsIn } from './itemDealings.ts'
import type { Judged, Judging } from './judging.ts'
import { judgeDealing, type Lessons, learn, noLessons, rememberedLessons } from './lessons.ts'

const key = (target: Address, asset: Address) => `items ${target} ${asset}`
/** Collections of which something is learned, for one contract. */
const collectionsMax = 4

/**
 * Judges items of ERC-1155 by what is written down for an account of each kind. What one kind teaches of a collection holds
 * for all of it; how grave it is, the kinds that were taken together tell.
 */
export function judgeItems(dealings: readonly Dealing[], judging: Judging): Judged {
  const { target, trusted, options, memory, blind } = judging
  const changed = new Map<Address, Lessons>()
  const claims: Claim[] = []
  if (options.items.length === 0) return { claims, memory: {} }
  for (const dealing of dealings) {
    const { items, left } = itemsIn(target.address, dealing, trusted)
    if (left > 0) blind.add(`${left} more kinds of items that ${target.name} moved in one block were not judged.`)
    if (dealing.isCrowded) continue
    for (const [asset, own] of [...Map.groupBy(items, (item) => item.asset)].slice(0, collectionsMax)) {
      const known = changed.get(asset) ?? rememberedLessons(memory, key(target.address, asset)) ?? noLessons
      const { lessons, beyond, unborne, held } = judgeCollection(own, { dealing, known }, judging)
      changed.set(asset, lessons)
      const isBeyond = beyond > 0n && held > 0n && isPercentOf(beyond, options.percent, held)
      const cap = options.windows.block
      const isMuch = cap !== undefined && held >= kindMin && unborne > 0n && isPercentOf(unborne, cap, held)
      if (isBeyond || isMuch) {
        const seen = { asset, kinds: own.length, amount: isBeyond ? beyond : unborne, held, dealing }
        claims.push(claimItems({ ...seen, isKnown: isBeyond, isSure: trusted.has(asset) }, judging))
      }
    }
  }
  const memories = [...changed].filter(([asset, lessons]) => lessons !== memory.get(key(target.address, asset)))
  return {
    claims,
    memory: Object.fromEntries(memories.map(([asset, lessons]) => [key(target.address, asset), lessons])),
  }
}

/**
 * `beyond`: what was given or written down that the known entries do not bear, of kinds of which so much was `held`.
 * `unborne`: all that was given and no entry bears, however it was given; until the entries are known that is everything.
 */
function judgeCollection(
  items: readonly ItemPaid[],
  { dealing, known }: { dealing: Dealing; known: Lessons },
  { observation, options, target, blind }: Judging,
): { lessons: Lessons; beyond: bigint; unborne: bigint; held: bigint } {
  let lessons = known
  let [beyond, unborne, held] = [0n, 0n, 0n]
  for (const item of items) {
    const falls = fallsOfItem(target.address, options.items, dealing, { item, observation, blind })
    if (!falls) continue
    const case_ = { paid: item.paid, selectors: dealing.selectors as readonly Hex[] }
    const verdict = judgeDealing(known, falls, case_)
    const excess = verdict?.excess ?? 0n
    lessons = learn(lessons, falls, { ...case_, isOdd: excess > 0n })
    const had = readAmount(observation, itemsHeld(item, target.address))
    if (had.amount === null) {
      if (had.blind) blind.add(`What ${target.name} holds of ${item.asset} could not be read: ${had.blind}`)
      continue
    }
    beyond += excess
    if (verdict ? !verdict.isExplained : item.paid > 0n) unborne += verdict ? verdict.unborne : item.paid
    held += had.amount
  }
  return { lessons, beyond, unborne, held }
}
