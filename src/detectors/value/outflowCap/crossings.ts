import { percentOf, unitsOf } from '../amounts.ts'
import { type Ledger, type Sums, sumsBefore } from './ledger.ts'
import { type Leg, sumOf } from './leg.ts'
import type { Cap, WindowName } from './options.ts'

/** A cap that was reached in this block. */
export type Crossing = {
  cap: Cap
  /** The limit in base units as it was at this moment. */
  limit: bigint
  /** What left within the window, net if so asked. */
  sum: bigint
  /** Holdings when the window began; null where percent plays no part. */
  base: bigint | null
  /** The movement with which the sum reached the limit. */
  leg: Leg
  /** Counts the crossings of this cap. */
  episode: number
}

export type Question = {
  ledger: Ledger
  caps: readonly Cap[]
  legs: readonly Leg[]
  net: boolean
  decimals: number
  /** Holdings before the block; null where they could not be read. */
  held: bigint | null
  block: { number: number; timestamp: number }
}

/** The caps that the movements of a block reach, and the episodes after it. */
export function crossingsIn(question: Question): { crossings: Crossing[]; episodes: Ledger['episodes'] } {
  const { ledger, caps, legs, block } = question
  const crossings: Crossing[] = []
  const episodes = { ...ledger.episodes }
  for (const cap of caps) {
    if (cap.window === 'transaction') {
      crossings.push(...transactionCrossings(question, cap))
      continue
    }
    const prior = sumsBefore(ledger, cap.window, block.timestamp)
    const last = stillOpen(question, cap.window, prior)
    const count = ledger.episodes[cap.window]?.count ?? 0
    const limit = limitOf(question, cap, prior)
    const crossing = limit === null ? null : crossingOf(question, { legs, prior, limit: limit.limit })
    if (last) {
      episodes[cap.window] = crossing ? { ...last, block: block.number } : last
    } else if (crossing && limit) {
      episodes[cap.window] = { limit: limit.limit.toString(), count: count + 1, block: block.number }
      crossings.push({ cap, ...limit, ...crossing, episode: count + 1 })
    } else if (count > 0) {
      episodes[cap.window] = { limit: null, count, block: block.number }
    }
  }
  return { crossings, episodes }
}

/** The open episode of a window, unless the sum has fallen below half of its limit before this block. */
export function stillOpen(
  { ledger, net, block }: Pick<Question, 'ledger' | 'net' | 'block'>,
  window: WindowName,
  prior: Sums = sumsBefore(ledger, window, block.timestamp),
): (Ledger['episodes'][WindowName] & object) | null {
  const episode = ledger.episodes[window]
  if (!episode || episode.limit === null) return null
  // A single block has no sum to fall: its episode lasts as long as every block reaches the cap again.
  const holds = window === 'block' ? block.number - episode.block <= 1 : 2n * left(prior, net) >= BigInt(episode.limit)
  return holds ? episode : null
}

function transactionCrossings(question: Question, cap: Cap): Crossing[] {
  const byTransaction = Map.groupBy(question.legs, ({ transactionHash }) => transactionHash)
  const limit = limitOf(question, cap, { out: 0n, in: 0n })
  if (!limit) return []
  return [...byTransaction].flatMap(([hash, legs]) => {
    // Native value that no single transaction can be named for is judged by the other windows.
    const crossing = hash && crossingOf(question, { legs, prior: { out: 0n, in: 0n }, limit: limit.limit })
    return crossing ? [{ cap, ...limit, ...crossing, episode: 1 }] : []
  })
}

/** Null: percent cannot be judged, or there was nothing to lose. */
function limitOf({ decimals, held }: Question, { percent, amount }: Cap, prior: Sums) {
  const fixed = amount === undefined ? 0n : unitsOf(amount, decimals)
  if (percent === undefined) return { limit: fixed, base: null }
  if (held === null) return null
  const atStart = held + prior.out - prior.in
  const base = atStart > 0n ? atStart : held + prior.out
  const share = percentOf(percent, base)
  const limit = share > fixed ? share : fixed
  return base > 0n && limit > 0n ? { limit, base } : null
}

function crossingOf(
  { net }: Question,
  { legs, prior, limit }: { legs: readonly Leg[]; prior: Sums; limit: bigint },
): { sum: bigint; leg: Leg } | null {
  const sum = left({ out: prior.out + sumOf(legs, 'out'), in: prior.in + sumOf(legs, 'in') }, net)
  if (sum < limit) return null
  let leg: Leg | null = null
  let running = prior.out
  for (const each of legs) {
    if (each.way !== 'out' || (leg && running >= limit)) continue
    leg = each
    running += each.amount
  }
  return leg ? { sum, leg } : null
}

function left({ out, in: into }: Sums, net: boolean): bigint {
  return net ? (out > into ? out - into : 0n) : out
}
