import { z } from 'zod'
import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Transaction } from '../../../model/chain.ts'
import type { Sign } from '../../../model/sign.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'

/**
 * A theft whose value is followed. `time`: of its block, in seconds. `told`: of how many of its steps people were told.
 * `most`: the most of each trusted asset that moved in one of them.
 */
const theftShape = z.object({
  id: z.string(),
  title: z.string(),
  address: hexShape,
  time: z.number(),
  told: z.number(),
  most: z.record(z.string(), decimalShape),
})
export type Theft = z.output<typeof theftShape>
/** `hop`: 0 for who took it, 1 for whom he paid, and so on. `steps`: how often it moved something. */
const followedShape = z.object({ account: hexShape, theft: z.string(), hop: z.number(), steps: z.number() })
export type Followed = z.output<typeof followedShape>

export type Sent = Pick<Movement, 'asset' | 'standard' | 'from' | 'to' | 'amount'>

/** What one followed account sent away in one transaction. Amounts in base units. */
export type Step = {
  by: Followed
  transaction: Transaction
  sent: Sent[]
}

const followingShape = z.object({ thefts: z.array(theftShape), accounts: z.array(followedShape) })
export type Following = z.output<typeof followingShape>
export const rememberedFollowing = remembered(followingShape)
export const nothingFollowed: Following = { thefts: [], accounts: [] }

const [theftsMax, accountsMax, titleMax] = [16, 64, 120]
/** What did not move for so long is followed by hand. In seconds. */
const followedFor = 7 * 86_400
/** Farther away, or through accounts of others that move more, it is mixed with what others own. */
const [hopsMax, stepsMax] = [2, 20]
/** All steps of a theft are told up to here, and then only those that are larger than all before. */
const toldMax = 40
/** Less than this part of the largest step is crumbs, which lay false tracks. */
const crumbPart = 100n

/** Whoever did what cost one of the contracts something, for certain, is followed from the next block on. */
export function withThieves(
  { thefts, accounts }: Following,
  signs: readonly Sign[],
  { now, known }: { now: number; known: ReadonlySet<Address> },
): Following {
  const followed = new Set(accounts.map(({ account }) => account))
  const current = thefts.filter(({ time }) => now - time <= followedFor)
  const ids = new Set(current.map(({ id }) => id))
  const next = { thefts: [...current], accounts: accounts.filter(({ theft }) => ids.has(theft)) }
  for (const { finding, stage, actors } of signs) {
    const isTheft = stage === 'exploitation' && finding.evidence === 'hard' && isGrave(finding.severity)
    const news = isTheft ? actors.filter((actor) => !known.has(actor) && !followed.has(actor)) : []
    if (news.length === 0 || next.thefts.length === theftsMax) continue
    const { id, title, address } = finding
    next.thefts.push({ id, title: title.slice(0, titleMax), address, time: now, told: 0, most: {} })
    for (const account of news) followed.add(account)
    next.accounts = keep([...next.accounts, ...news.map((account) => ({ account, theft: id, hop: 0, steps: 0 }))])
  }
  return next
}

const isGrave = (severity: string): boolean => severity === 'high' || severity === 'critical'

/** The newest of those that were paid make place for each other, and never push out who took it. */
function keep(accounts: readonly Followed[]): Followed[] {
  const over = accounts.length - accountsMax
  if (over <= 0) return [...accounts]
  const paid = accounts.filter(({ hop }) => hop > 0)
  const gone = new Set(paid.slice(0, over))
  return accounts.filter((each) => !gone.has(each)).slice(0, accountsMax)
}

/** Whether people are told of a step. */
export function isTold(
  { told, most }: Theft,
  { sent: [first] }: Step,
  trusted: ReadonlySet<Address | 'native'>,
): boolean {
  return told < toldMax || (trusted.has(first!.asset) && first!.amount > BigInt(most[first!.asset] ?? 0))
}

/** One step more, of which people are told: the keys that it paid are followed, too, if it is no account of many. */
export function withStep(
  { thefts, accounts }: Following,
  { by, sent }: Step,
  { isPlain, trusted }: { isPlain(account: Address): boolean; trusted: ReadonlySet<Address | 'native'> },
): Following {
  const theft = thefts.find(({ id }) => id === by.theft)!
  const most = { ...theft.most }
  for (const { asset, amount } of sent) {
    if (trusted.has(asset) && amount > BigInt(most[asset] ?? 0)) most[asset] = amount.toString()
  }
  const counted = accounts.map((each) => (each.account === by.account ? { ...each, steps: each.steps + 1 } : each))
  const { hop, steps } = counted.find(({ account }) => account === by.account) ?? by
  const payees = sent.filter(({ asset, to, amount }) => isPlain(to) && amount * crumbPart >= BigInt(most[asset] ?? 0))
  const isOfMany = hop > 0 && steps > stepsMax
  const news = new Set(hop < hopsMax && !isOfMany ? payees.map(({ to }) => to) : [])
  for (const { account } of counted) news.delete(account)
  const more = [...news].map((account) => ({ account, theft: by.theft, hop: hop + 1, steps: 0 }))
  return {
    thefts: thefts.map((each) => (each === theft ? { ...each, told: each.told + 1, most } : each)),
    accounts: keep([...counted, ...more]),
  }
}
