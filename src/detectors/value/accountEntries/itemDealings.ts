import { assetKey } from '../../../evm/ledger/deltasOf.ts'
import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { kindBalance } from '../../tokens/balances.ts'
import type { Dealing } from './dealings.ts'
import type { Falls } from './entries.ts'

/** One kind of item of an ERC-1155, and how many of it the contract gave in one dealing, less how many it got. */
export type ItemPaid = { asset: Address; id: bigint; paid: bigint }

/** Of more kinds in one dealing nobody is asked. */
const kindsMax = 12

/**
 * @param trusted What the config names comes first: whoever floods a block with items of his own hides nothing by it.
 * @returns The kinds that moved, those first of which most was given, and how many more there were.
 */
export function itemsIn(
  target: Address,
  { outcomes }: Pick<Dealing, 'outcomes'>,
  trusted: ReadonlySet<string>,
): { items: ItemPaid[]; left: number } {
  const paid = new Map<string, ItemPaid>()
  for (const outcome of outcomes) {
    for (const { asset, standard, id, from, to, amount } of movementsOf(outcome)) {
      if (standard !== 'erc1155' || asset === 'native' || id === null || (from === target) === (to === target)) continue
      const key = assetKey({ asset, id })
      const known = paid.get(key) ?? { asset, id, paid: 0n }
      paid.set(key, { ...known, paid: known.paid + (from === target ? amount : -amount) })
    }
  }
  const items = [...paid.values()].filter((item) => item.paid !== 0n)
  const sorted = items
    .toSorted((a, b) => (a.paid === b.paid ? 0 : b.paid > a.paid ? 1 : -1))
    .toSorted((a, b) => Number(trusted.has(b.asset)) - Number(trusted.has(a.asset)))
  return { items: sorted.slice(0, kindsMax), left: Math.max(0, sorted.length - kindsMax) }
}

const wordOf = (value: bigint | Address): string =>
  (typeof value === 'bigint' ? value.toString(16) : value.slice(2)).padStart(64, '0')

/** What is written down for an account of one kind of item. */
const entryRead = (to: Address, selector: string, account: Address, id: bigint, at: Read['at']): Read => ({
  ...{ kind: 'call', at, to },
  data: `${selector.toLowerCase()}${wordOf(account)}${wordOf(id)}` as Hex,
})

export const itemsHeld = ({ asset, id }: ItemPaid, target: Address): Read => kindBalance(asset, target, id, 'parent')

const moments = ['parent', 'block'] as const

export function readsOfItems(
  target: Address,
  selectors: readonly string[],
  dealing: Dealing,
  trusted: ReadonlySet<string>,
): Read[] {
  if (selectors.length === 0 || dealing.isCrowded) return []
  return itemsIn(target, dealing, trusted).items.flatMap((item) => [
    itemsHeld(item, target),
    ...selectors.flatMap((selector) =>
      dealing.actors.flatMap((actor) => moments.map((at) => entryRead(target, selector, actor, item.id, at))),
    ),
  ])
}

/** How much less stands in each entry for one kind of item. Null: it could not be read; `blind` says why. */
export function fallsOfItem(
  target: Address,
  selectors: readonly string[],
  { actors }: Dealing,
  { item, observation, blind }: { item: ItemPaid; observation: Observation; blind: Set<string> },
): Falls | null {
  const falls = new Map<string, { own: bigint; all: bigint; stood: bigint }>()
  for (const selector of selectors) {
    for (const actor of actors) {
      const words = moments.map((at) => {
        const answer = observation.state(entryRead(target, selector, actor, item.id, at))
        if (!answer.ok && !answer.reverted)
          blind.add(`What stands under ${selector} could not be read: ${answer.reason}`)
        return answer.ok && answer.data.length >= 66 ? BigInt(answer.data.slice(0, 66)) : null
      })
      if (words[0] == null || words[1] == null) return null
      const known = falls.get(selector) ?? { own: 0n, all: 0n }
      const fall = words[0] - words[1]
      falls.set(selector, { own: known.own + fall, all: known.all + fall, stood: 0n })
    }
  }
  return falls
}
