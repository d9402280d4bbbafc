import { isWrapping, type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Call, Hex } from '../../../model/chain.ts'
import type { Observation, Outcome } from '../../../model/observation.ts'

/**
 * What some accounts did with a contract in one block. Transactions that share an account are one dealing, because state
 * is read by the block.
 */
export type Dealing = {
  /** Senders, those who called the contract, and those whom it paid or who paid it. */
  actors: readonly Address[]
  /** Others whom the calls name, such as the account out of which somebody pays. */
  named: readonly Address[]
  /** There were more of them than are asked for: nothing can be told of their entries. */
  isCrowded: boolean
  outcomes: readonly Outcome[]
  /** What the contract paid them, less what they paid it, of each asset; of ERC-721 how many items. */
  paid: ReadonlyMap<Address | 'native', bigint>
  /** What tokens made for them at its word, less what they burned. */
  made: ReadonlyMap<Address, bigint>
  /** Items of ERC-721 that it gave away. */
  given: readonly { asset: Address; id: bigint; to: Address }[]
  /** First four bytes of how the contract was called. */
  selectors: readonly Hex[]
}

const actorsMax = 8
const namedMax = 4
const dealingsMax = 16
const assetsMax = 8
/** Of more items in one transaction nobody asks whose they were. */
const itemsMax = 64

type Part = Omit<Dealing, 'isCrowded' | 'outcomes'> & { outcomes: Outcome[] }

/** @returns The dealings of a block with one contract, and how many more there were. */
export function dealingsWith(
  target: Address,
  { outcomes }: Pick<Observation, 'outcomes'>,
): { dealings: Dealing[]; left: number } {
  const parts = outcomes.flatMap((outcome) => partOf(target, outcome) ?? [])
  const joined: Part[] = []
  for (const part of parts) {
    const shares = (other: Part) => other.actors.some((actor) => part.actors.includes(actor))
    const same = joined.filter(shares)
    const whole = [...same, part].reduce(join)
    for (const each of same) joined.splice(joined.indexOf(each), 1)
    joined.push(whole)
  }
  const dealings = joined.map((part) => ({ ...part, isCrowded: part.actors.length > actorsMax }))
  return { dealings: dealings.slice(0, dealingsMax), left: Math.max(0, dealings.length - dealingsMax) }
}

function join(a: Part, b: Part): Part {
  const paid = new Map(a.paid)
  for (const [asset, amount] of b.paid) paid.set(asset, (paid.get(asset) ?? 0n) + amount)
  const made = new Map(a.made)
  for (const [asset, amount] of b.made) made.set(asset, (made.get(asset) ?? 0n) + amount)
  const actors = [...new Set([...a.actors, ...b.actors])]
  return {
    actors,
    named: [...new Set([...a.named, ...b.named])].filter((each) => !actors.includes(each)).slice(0, namedMax),
    outcomes: [...a.outcomes, ...b.outcomes],
    paid,
    made,
    given: [...a.given, ...b.given],
    selectors: [...new Set([...a.selectors, ...b.selectors])],
  }
}

function partOf(target: Address, outcome: Outcome): Part | null {
  const { transaction, receipt, calls = [] } = outcome
  if (receipt?.status !== 'success') return null
  const inside = calls.filter((call) => isInto(call, target))
  const every = movementsOf({ transaction, receipt, ...(outcome.calls && { calls: outcome.calls }) })
  const all = every.filter((each) => !isWrapping(each) && (each.from === target) !== (each.to === target))
  // Items of ERC-1155 are judged kind by kind.
  const moved = all.filter(({ standard }) => standard !== 'erc1155')
  if (all.length === 0 && transaction.to !== target && inside.length === 0) return null
  const ends = all.map(({ from, to }) => (from === target ? to : from))
  const taking = [transaction.from, transaction.to, ...inside.map(({ from }) => from), ...ends]
  const actors = [...new Set(taking)].filter((each) => each !== null && isOther(each, target)) as Address[]
  const inputs = [
    ...new Set([...(transaction.to === target ? [transaction.input] : []), ...inside.map(({ input }) => input)]),
  ]
  const named = inputs.slice(0, actorsMax).flatMap(addressesIn)
  return {
    actors,
    named: [...new Set(named)].filter((each) => isOther(each, target) && !actors.includes(each)).slice(0, namedMax),
    outcomes: [outcome],
    paid: paidBy(target, moved),
    made: madeFor(target, every, calls),
    given: givenBy(target, moved),
    selectors: [...new Set(inputs.map((input) => input.slice(0, 10) as Hex))].slice(0, actorsMax),
  }
}

const isOther = (account: Address, target: Address) => account !== target && account !== zeroAddress

const wordsMax = 8

/** Words of an input that an address may be. */
function addressesIn(input: Hex): Address[] {
  const words = Array.from({ length: wordsMax }, (_, index) => input.slice(10 + 64 * index, 74 + 64 * index))
  return words.filter((word) => /^0{24}(?!0{8})[0-9a-f]{40}$/.test(word)).map((word): Address => `0x${word.slice(24)}`)
}

const givenBy = (target: Address, moved: readonly Movement[]): Dealing['given'] =>
  moved
    .flatMap(({ asset, id, from, to }) =>
      id !== null && asset !== 'native' && from === target ? [{ asset, id, to }] : [],
    )
    .slice(0, itemsMax)

const isInto = ({ kind, from, to, reverted }: Call, target: Address): boolean =>
  kind === 'call' && to === target && from !== target && !reverted

function paidBy(target: Address, moved: readonly Movement[]): Map<Address | 'native', bigint> {
  const paid = new Map<Address | 'native', bigint>()
  for (const { asset, from, amount } of moved) {
    if (!paid.has(asset) && paid.size >= assetsMax) continue
    paid.set(asset, (paid.get(asset) ?? 0n) + (from === target ? amount : -amount))
  }
  return paid
}

/** A token is made for somebody, or burned, inside a call by which the contract told it to. */
function madeFor(target: Address, moved: readonly Movement[], calls: readonly Call[]): Map<Address, bigint> {
  const told = new Set(calls.flatMap((call) => (call.from === target && call.to && !call.reverted ? [call.to] : [])))
  const made = new Map<Address, bigint>()
  for (const { asset, standard, from, to, amount } of moved) {
    const isMade = from === zeroAddress || to === zeroAddress
    if (standard !== 'erc20' || asset === 'native' || !isMade || !told.has(asset)) continue
    if (from === target || to === target || (!made.has(asset) && made.size >= assetsMax)) continue
    made.set(asset, (made.get(asset) ?? 0n) + (from === zeroAddress ? amount : -amount))
  }
  return made
}
