import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Dealing } from './dealings.ts'

/** One number that a contract has written down for an account: a getter and the word of its answer. */
type EntryName = string
/**
 * How much less stands in each entry after the block: of those who dealt, and of these and whom their calls name; and how
 * much stood there before for one who dealt and has less now. What stands nowhere is left out.
 */
export type Falls = ReadonlyMap<EntryName, { own: bigint; all: bigint; stood: bigint }>

/** Of an answer that is a structure the first words are looked at. */
const wordsMax = 4

const entryRead = (to: Address, selector: string, account: Address, at: Read['at']): Read => ({
  ...{ kind: 'call', at, to },
  data: `${selector.toLowerCase()}${'0'.repeat(24)}${account.slice(2)}` as Hex,
})

const itemRead = (to: Address, selector: string, id: bigint): Read => ({
  ...{ kind: 'call', at: 'parent', to },
  data: `${selector.toLowerCase()}${id.toString(16).padStart(64, '0')}` as Hex,
})

/** Items of a collection that the contract had written down for whoever got them. */
export function borneItems(
  target: Address,
  selectors: readonly string[],
  { given, actors }: Dealing,
  { observation, asset }: { observation: Observation; asset: Address | 'native' },
): bigint {
  const own = given.filter((each) => each.asset === asset)
  const isWritten = (id: bigint) =>
    selectors.some((selector) => {
      const answer = observation.state(itemRead(target, selector, id))
      return answer.ok && actors.some((actor) => answer.data.slice(2, 66) === `${'0'.repeat(24)}${actor.slice(2)}`)
    })
  return BigInt(own.filter(({ id }) => isWritten(id)).length)
}

export function readsOfEntries(
  target: Address,
  selectors: readonly string[],
  { actors, named, given, isCrowded }: Dealing,
): Read[] {
  const items = given.flatMap(({ id }) => selectors.map((selector) => itemRead(target, selector, id)))
  if (isCrowded) return items
  return items.concat(readsOfAccounts(target, selectors, [...actors, ...named]))
}

function readsOfAccounts(target: Address, selectors: readonly string[], actors: readonly Address[]): Read[] {
  return selectors.flatMap((selector) =>
    actors.flatMap((account) => (['parent', 'block'] as const).map((at) => entryRead(target, selector, account, at))),
  )
}

/** Null: somebody's entries could not be read, so that nothing is known; `blind` says why. */
export function fallsOf(
  target: Address,
  selectors: readonly string[],
  { actors, named }: Dealing,
  { observation, blind }: { observation: Observation; blind: Set<string> },
): Falls | null {
  const falls = new Map<EntryName, { own: bigint; all: bigint; stood: bigint }>()
  for (const selector of selectors) {
    for (const account of [...actors, ...named]) {
      const [before, after] = (['parent', 'block'] as const).map((at) => {
        const answer = observation.state(entryRead(target, selector, account, at))
        if (!answer.ok && !answer.reverted) {
          blind.add(`What stands under ${selector} could not be read: ${answer.reason}`)
          return null
        }
        return answer.ok ? wordsOf(answer.data) : []
      })
      if (!before || !after) return null
      for (let index = 0; index < Math.min(before.length, after.length); index++) {
        const name = `${selector} ${index}`
        const fall = before[index]! - after[index]!
        const { own, all, stood } = falls.get(name) ?? { own: 0n, all: 0n, stood: 0n }
        const isOwn = actors.includes(account)
        const isMore = isOwn && fall > 0n && before[index]! > stood
        falls.set(name, { own: isOwn ? own + fall : own, all: all + fall, stood: isMore ? before[index]! : stood })
      }
    }
  }
  return falls
}

function wordsOf(data: Hex): bigint[] {
  const count = Math.min(wordsMax, Math.floor((data.length - 2) / 64))
  return Array.from({ length: count }, (_, index) => BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`))
}
