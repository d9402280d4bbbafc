import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Log } from '../../../model/chain.ts'
import { type Fraction, type Swap, swapsOf } from './swapsOf.ts'

/** A pool whose price was pushed away and brought back in one transaction, while one of ours was used in between. */
export type Excursion = {
  pool: Address
  /** The one that was used meanwhile. */
  used: Address
  /** Price of token 0 in token 1 before it, or after it where the pool tells only that. */
  fair: Fraction
  /** How far the price was away, as a factor of at least 1. */
  factor: number
  /** How far it was away when that one was first used, and how far it was left, as natural logarithms. */
  atUse: number
  rest: number
  /** Tokens of the pool; null: they could not be told by their transfers. */
  tokens: readonly [Address, Address] | null
}

/** Honest trades of whales move a price, and honest routes pass a pool twice; they do not do both so far and back. */
const factorMin = 1.2

/** The widest excursion of the prices in one transaction, if there is one. */
export function excursionIn(
  logs: readonly Log[],
  movements: readonly Movement[],
  ours: ReadonlySet<Address>,
): Excursion | null {
  const pools = [...Map.groupBy(swapsOf(logs), ({ pool }) => pool)]
  const found = pools.flatMap(([pool, swaps]): Excursion[] => {
    const trip = tripOf(swaps, logs, ours)
    return trip ? [{ pool, ...trip, tokens: tokensOf(swaps[0]!, movements) }] : []
  })
  return found.sort((a, b) => b.factor - a.factor)[0] ?? null
}

function tripOf(
  swaps: readonly Swap[],
  logs: readonly Log[],
  ours: ReadonlySet<Address>,
): Omit<Excursion, 'pool' | 'tokens'> | null {
  const [first] = swaps
  const last = swaps.findLast(({ zeroForOne }) => zeroForOne !== first!.zeroForOne)
  if (!first?.after || !last?.after) return null
  const fair = beforeOf(first) ?? last.after
  const between = swaps.filter(({ position }) => position < last.position)
  const away = between.flatMap(({ after, position }) => (after ? [{ position, distance: distance(after, fair) }] : []))
  const farthest = away.reduce((a, b) => (b.distance > a.distance ? b : a))
  const rest = distance(last.after, fair)
  if (farthest.distance < Math.log(factorMin) || rest > farthest.distance / 2) return null
  const inside = logs.filter(({ position }) => position > first.position && position < last.position)
  const use = usedIn(inside, first.pool, ours)
  if (!use) return null
  const atUse = away.findLast(({ position }) => position < use.position)?.distance ?? 0
  return { used: use.account, fair, factor: Math.exp(farthest.distance), atUse, rest }
}

/** A pair tells its reserves after a swap, and the swap what has been added to them. */
function beforeOf({ after, amounts, isPair }: Swap): Fraction | null {
  if (!after || !isPair) return null
  const before: Fraction = [after[0] - amounts[1], after[1] - amounts[0]]
  return before[0] > 0n && before[1] > 0n ? before : null
}

/** How far two prices are apart, as the logarithm of their ratio. */
function distance(a: Fraction, b: Fraction): number {
  const ratio = (Number(a[0]) / Number(a[1])) * (Number(b[1]) / Number(b[0]))
  return Number.isFinite(ratio) && ratio > 0 ? Math.abs(Math.log(ratio)) : 0
}

/** Whoever of ours but the pool spoke, or was spoken of, in some logs. */
function usedIn(
  logs: readonly Log[],
  pool: Address,
  ours: ReadonlySet<Address>,
): { account: Address; position: number } | undefined {
  for (const { address, topics, position } of logs) {
    if (address === pool) continue
    const named = [address, ...topics.slice(1).map((topic): Address => `0x${topic.slice(26)}`)]
    const used = named.find((each) => each !== pool && ours.has(each))
    if (used) return { account: used, position }
  }
  return undefined
}

/** By the transfers whose amounts the swap tells. */
function tokensOf({ pool, amounts }: Swap, movements: readonly Movement[]): Excursion['tokens'] {
  const tokenOf = (amount: bigint) =>
    movements.find((each) =>
      amount > 0n ? each.to === pool && each.amount === amount : each.from === pool && each.amount === -amount,
    )?.asset
  const [first, second] = [tokenOf(amounts[0]), tokenOf(amounts[1])]
  return first && second && first !== 'native' && second !== 'native' && first !== second ? [first, second] : null
}
