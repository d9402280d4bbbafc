import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import { remembered } from '../../remembered.ts'
import type { Dealing } from './dealings.ts'
import { entriesOf } from './entries.ts'
import { isDebt, isKnown, type Lessons } from './lessons.ts'

type Asset = Address | 'native'

/** Which entries are debts of an asset, which say what people have put in, and which may, as they did once or twice. */
export type Roles = {
  debts: readonly { asset: Asset; name: string }[]
  pledges: readonly string[]
  maybe: ReadonlySet<string>
}

/** A word of 78 digits, scaled by 36 more. */
const scaledShape = z.string().regex(/^\d{1,114}$/)

/** What use has shown of debts and what stands behind them. Plain data. */
const boundsShape = z.object({
  /** Debts with something behind them, and with nothing at all. */
  covered: z.number(),
  bare: z.number(),
  /** By debt and pledge: how often both were seen of an account, and the most owed for one pledged, scaled. */
  most: z.record(z.string(), z.tuple([z.number(), scaledShape])),
})
export type Bounds = z.output<typeof boundsShape>
export const rememberedBounds = remembered(boundsShape)

export const noBounds: Bounds = { covered: 0, bare: 0, most: {} }

const [debtsMax, pledgesMax, countMax] = [2, 4, 200]
const seenMin = 4
/** One base unit may be worth as much as 10^24 others, as of a coin of two decimals against one of eighteen. */
const scale = 10n ** 36n

export function rolesIn(lessons: ReadonlyMap<Asset, Lessons>): Roles {
  const debts = [...lessons].flatMap(([asset, { debts = {} }]) =>
    Object.entries(debts).flatMap(([name, counts]) => (isDebt(counts) ? [{ asset, name }] : [])),
  )
  const pledges = [...lessons.values()].flatMap(({ entries }) =>
    Object.entries(entries).flatMap(([name, counts]) => (isKnown(counts) ? [name] : [])),
  )
  const isOwed = (name: string) => debts.some((debt) => debt.name === name)
  const all = [...new Set(pledges)].filter((name) => !isOwed(name))
  const seen = [...lessons.values()].flatMap(({ entries }) =>
    Object.entries(entries).flatMap(([name, [agreed]]) => (agreed > 0 ? [name] : [])),
  )
  return {
    debts: debts.slice(0, debtsMax),
    pledges: all.slice(0, pledgesMax),
    maybe: new Set([...seen, ...all.slice(pledgesMax)].filter((name) => !isOwed(name) && !all.includes(name))),
  }
}

/** What somebody owes after a block in which it grew, or in which less came to stand behind it. */
export type Standing = {
  account: Address
  asset: Asset
  debt: string
  owed: bigint
  grew: bigint
  pledged: ReadonlyMap<string, bigint>
  /** Something else stands there that may be a pledge, such as the first of a new kind. */
  isOpen: boolean
}

export function standingsIn(
  target: Address,
  selectors: readonly string[],
  { actors, named, paid }: Dealing,
  { roles, observation }: { roles: Roles; observation: Observation },
): Standing[] {
  if (roles.debts.length === 0 || roles.pledges.length === 0) return []
  const names = new Set([...roles.debts.map(({ name }) => name), ...roles.pledges])
  const cameIn = new Set([...paid.values()].flatMap((amount) => (amount < 0n ? [-amount] : [])))
  return [...actors, ...named].flatMap((account) => {
    const entries = entriesOf(target, selectors, account, observation)
    const pledged = new Map(roles.pledges.map((name) => [name, entries.get(name)?.[1] ?? 0n]))
    const lessPledged = roles.pledges.some((name) => {
      const [was, is] = entries.get(name) ?? [0n, 0n]
      return is < was
    })
    const isOpen = [...entries].some(
      ([name, [was, is]]) => !names.has(name) && is > 0n && (roles.maybe.has(name) || cameIn.has(is - was)),
    )
    return roles.debts.flatMap(({ asset, name }): Standing[] => {
      const [was, is] = entries.get(name) ?? [0n, 0n]
      // Who pays back, or for whom a liquidator does, has less to stand behind less.
      const isWorse = is > was || (is === was && lessPledged)
      return is > 0n && isWorse ? [{ account, asset, debt: name, owed: is, grew: is - was, pledged, isOpen }] : []
    })
  })
}

const key = (debt: string, pledge: string) => `${debt} / ${pledge}`
const ratio = (owed: bigint, pledged: bigint): bigint => (owed * scale) / pledged
const behind = ({ pledged }: Standing) => [...pledged].filter(([, amount]) => amount > 0n)

/** `times`: how much is owed, in times the most that ever was for what is pledged; `seen`: of so many. */
export type Measure = { times: number; seen: number }

/** Null: nobody can tell. `Infinity`: nothing stands behind it at all. */
export function measureOf(standing: Standing, { covered, bare, most }: Bounds): Measure | null {
  const own = behind(standing)
  if (standing.isOpen) return null
  if (own.length === 0)
    return covered >= seenMin && bare === 0 ? { times: Number.POSITIVE_INFINITY, seen: covered } : null
  const measures = own.map(([name, amount]): Measure | null => {
    const [seen, scaled] = most[key(standing.debt, name)] ?? [0, '0']
    const before = BigInt(scaled)
    if (seen < seenMin || before === 0n) return null
    return { times: Number((ratio(standing.owed, amount) * 100n) / before) / 100, seen }
  })
  if (measures.includes(null)) return null
  return (measures as Measure[]).reduce((least, each) => (each.times < least.times ? each : least))
}

/** What is owed and pledged after one more block teaches how much is usual. */
export function withStanding(bounds: Bounds, standing: Standing): Bounds {
  const own = behind(standing)
  if (standing.isOpen) return bounds
  if (own.length === 0) return { ...bounds, bare: Math.min(bounds.bare + 1, countMax) }
  const most = { ...bounds.most }
  for (const [name, amount] of own) {
    const [seen, scaled] = most[key(standing.debt, name)] ?? [0, '0']
    const now = ratio(standing.owed, amount)
    most[key(standing.debt, name)] = [Math.min(seen + 1, countMax), now > BigInt(scaled) ? String(now) : scaled]
  }
  return { ...bounds, covered: Math.min(bounds.covered + 1, countMax), most }
}
