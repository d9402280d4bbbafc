import { getContractAddress } from 'viem/utils'
import { z } from 'zod'
import type { Address, Hex, Transaction } from '../../../model/chain.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { Try } from './triesOf.ts'

/** Who tries: a sender with the accounts that it paid and the contracts that it made since. Plain data. */
const actor = z.object({
  /** The first sender, then the others as they were seen. */
  accounts: z.array(hexShape),
  /** Contracts that it made meanwhile. */
  made: z.array(hexShape),
  /** The one of ours that it tried last. */
  target: hexShape,
  /** Unix times of the first and of the last failed call. */
  since: z.number(),
  last: z.number(),
  failed: z.number(),
  /** Each function and its arguments once. `own`: by a contract that it made. */
  tries: z.array(
    z.object({ target: hexShape, selector: hexShape, call: z.string(), own: z.literal(true).exactOptional() }),
  ),
  told: z.enum(['series', 'taking']).exactOptional(),
})
export type Actor = z.output<typeof actor>
export const rememberedActors = remembered(z.array(actor))

const [actorsMax, accountsMax, triesMax] = [32, 4, 10]

/** Those that have tried of late; where there are too many, those that tried the fewest functions go first. */
export function trimActors(actors: readonly Actor[], oldest: number): readonly Actor[] {
  const recent = actors.filter(({ last }) => last >= oldest)
  if (recent.length <= actorsMax) return recent.length === actors.length ? actors : recent
  const worth = (actor: Actor) => functionsOf(actor).length + (actor.told ? 2 : 0)
  const kept = new Set(recent.toSorted((a, b) => worth(b) - worth(a) || b.last - a.last).slice(0, actorsMax))
  return recent.filter((actor) => kept.has(actor))
}

export const functionsOf = ({ tries }: Actor): Hex[] => [...new Set(tries.map(({ selector }) => selector))]

export const belongsTo = ({ accounts, made }: Actor, { from, to }: Transaction): boolean =>
  accounts.includes(from) || (to !== null && made.includes(to))

/** What an actor's transaction says of who belongs to it: whom it pays without a call, and what it creates. */
export function withFollowers(
  actor: Actor,
  { from, to, value, input, nonce }: Transaction,
  ours: ReadonlySet<Address>,
): Actor {
  if (!actor.accounts.includes(from)) return { ...actor, accounts: joined(actor.accounts, from) }
  if (to === null) {
    const contract = getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address
    return { ...actor, made: joined(actor.made, contract) }
  }
  const isGift = value > 0n && input === '0x' && !ours.has(to)
  return isGift ? { ...actor, accounts: joined(actor.accounts, to) } : actor
}

/** The first stays, whatever is made up after it. */
const joined = (known: readonly Address[], account: Address): Address[] =>
  known.includes(account) ? [...known] : [...known.slice(0, 1), ...known.slice(1).slice(2 - accountsMax), account]

export function withTries(
  actor: Actor,
  tries: readonly Try[],
  { ours, time, own }: { ours: ReadonlySet<Address>; time: number; own: boolean },
): Actor {
  const fresh = tries.filter((each, place) => {
    const isSame = ({ target, selector, call }: Try) =>
      target === each.target && selector === each.selector && call === each.call
    return !actor.tries.some(isSame) && tries.findIndex(isSame) === place
  })
  const marked = fresh.map((each) => ({ ...each, ...(own && { own: true as const }) }))
  // A new function is worth more than the same one with other arguments.
  const all = [...actor.tries, ...marked]
  const firsts = all.filter(({ selector }, place) => all.findIndex((each) => each.selector === selector) === place)
  const others = all.filter((each) => !firsts.includes(each))
  const kept = new Set([...firsts.slice(-triesMax), ...others.slice(0, Math.max(0, triesMax - firsts.length))])
  return {
    ...actor,
    target: tries.findLast(({ target }) => ours.has(target))?.target ?? actor.target,
    last: time,
    failed: actor.failed + tries.length,
    tries: all.filter((each) => kept.has(each)),
  }
}

export const newActor = (from: Address, target: Address, time: number): Actor => ({
  ...{ accounts: [from], made: [], target, since: time, last: time, failed: 0, tries: [] },
})
