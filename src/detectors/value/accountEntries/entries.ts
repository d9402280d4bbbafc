import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, tokenBalance, totalSupply } from '../../tokens/balances.ts'
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

/** What a contract holds before and after the block. */
export const heldReads = (account: Address, asset: Address | 'native'): [Read, Read] =>
  asset === 'native'
    ? [nativeBalance(account, 'parent'), nativeBalance(account, 'block')]
    : [tokenBalance(asset, account, 'parent'), tokenBalance(asset, account, 'block')]

/** How much there is of a token, where a contract that lends it holds none. */
export const supplyReads = (asset: Address | 'native'): Read[] =>
  asset === 'native' ? [] : [totalSupply(asset, 'parent')]

const entryRead = (to: Address, selector: string, account: Address, at: Read['at']): Read => ({
  ...{ kind: 'call', at, to },
  data: `${selector.toLowerCase()}${'0'.repeat(24)}${account.slice(2)}` as Hex,
})

const itemRead = (to: Address, selector: string, id: bigint): Read => ({
  ...{ kind: 'call', at: 'parent', to },
  data: `${selector.toLowerCase()}${id.toString(16).padStart(64, '0')}` as Hex,
})

/**
 * Items of a collection that the contract had written down for whoever got them; or whose price it had, together with who
 * sells, and who sells was paid it, less a fee.
 * @param options.trusted Of another token a thief has as much as he likes.
 */
export function borneItems(
  target: Address,
  selectors: readonly string[],
  { given, actors, outcomes }: Dealing,
  {
    observation,
    asset,
    trusted,
  }: { observation: Observation; asset: Address | 'native'; trusted: ReadonlySet<Address | 'native'> },
): bigint {
  const own = given.filter((each) => each.asset === asset)
  if (own.length === 0) return 0n
  const pays = outcomes.flatMap(movementsOf).filter((each) => each.asset !== asset && trusted.has(each.asset))
  const isBorne = (id: bigint) => {
    const answers = selectors.map((selector) => observation.state(itemRead(target, selector, id)))
    const written = answers.map((answer) => (answer.ok ? wordsOf(answer.data) : []))
    if (written.some(([first]) => actors.some((actor) => first === BigInt(actor)))) return true
    const words = written.flat()
    return pays.some(({ to, amount }) => words.includes(BigInt(to)) && words.some((price) => isPrice(amount, price)))
  }
  return BigInt(own.filter(({ id }) => isBorne(id)).length)
}

/** Fees are seldom more than a fifth. */
const isPrice = (paid: bigint, price: bigint): boolean => paid > 0n && paid <= price && paid * 5n >= price * 4n

/** One way to ask what is written down for an account. */
export type Getter = { name: string; read(account: Address, at: Read['at']): Read }

export const gettersOf = (target: Address, selectors: readonly string[]): Getter[] =>
  selectors.map((selector) => ({
    name: selector,
    read: (account, at) => entryRead(target, selector, account, at),
  }))

/** Of a token and an account; which of them comes first, use will show. The chain's own coin has no address. */
export const gettersOfAsset = (target: Address, selectors: readonly string[], asset: Address | 'native'): Getter[] =>
  selectors.flatMap((selector) => {
    const token = asset === 'native' ? zeroAddress : asset
    const ask = (first: Address, second: Address, at: Read['at']): Read => ({
      ...{ at, kind: 'call', to: target },
      data: [selector.toLowerCase(), first.slice(2), second.slice(2)].join('0'.repeat(24)) as Hex,
    })
    return [
      { name: `${selector} of a token`, read: (account: Address, at: Read['at']) => ask(token, account, at) },
      { name: `${selector} of an account`, read: (account: Address, at: Read['at']) => ask(account, token, at) },
    ]
  })

export function readsOfOwners(
  target: Address,
  selectors: readonly string[],
  { given }: Pick<Dealing, 'given'>,
): Read[] {
  return given.flatMap(({ id }) => selectors.map((selector) => itemRead(target, selector, id)))
}

export const readsOfGetters = (getters: readonly Getter[], { actors, named, isCrowded }: Dealing): Read[] =>
  isCrowded
    ? []
    : getters.flatMap(({ read }) =>
        [...actors, ...named].flatMap((account) => (['parent', 'block'] as const).map((at) => read(account, at))),
      )

/** Null: somebody's entries could not be read, so that nothing is known; `blind` says why. */
export function fallsOf(
  getters: readonly Getter[],
  { actors, named }: Dealing,
  { observation, blind }: { observation: Observation; blind: Set<string> },
): Falls | null {
  const falls = new Map<EntryName, { own: bigint; all: bigint; stood: bigint }>()
  for (const getter of getters) {
    for (const account of [...actors, ...named]) {
      const [before, after] = (['parent', 'block'] as const).map((at) => {
        const answer = observation.state(getter.read(account, at))
        if (!answer.ok && !answer.reverted) {
          blind.add(`What stands under ${getter.name} could not be read: ${answer.reason}`)
          return null
        }
        return answer.ok ? wordsOf(answer.data) : []
      })
      if (!before || !after) return null
      for (let index = 0; index < Math.min(before.length, after.length); index++) {
        const name = `${getter.name} ${index}`
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

/** What stands in each entry of one account before and after the block; what cannot be read is left out. */
export function entriesOf(
  target: Address,
  selectors: readonly string[],
  account: Address,
  observation: Observation,
): Map<EntryName, [before: bigint, after: bigint]> {
  const found = new Map<EntryName, [bigint, bigint]>()
  for (const selector of selectors) {
    const [before = [], after = []] = (['parent', 'block'] as const).map((at) => {
      const answer = observation.state(entryRead(target, selector, account, at))
      return answer.ok ? wordsOf(answer.data) : []
    })
    for (const [index, was] of before.entries()) {
      if (index < after.length) found.set(`${selector} ${index}`, [was, after[index]!])
    }
  }
  return found
}

function wordsOf(data: Hex): bigint[] {
  const count = Math.min(wordsMax, Math.floor((data.length - 2) / 64))
  return Array.from({ length: count }, (_, index) => BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`))
}
