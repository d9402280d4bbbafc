import { percentOf, unitsOf } from '../../tokens/amounts.ts'
import { type Episode, type Ledger, type Sums, sumsBefore } from './ledger.ts'
import { type Leg, sumOf } from './leg.ts'
import type { Cap, WindowName } from './options.ts'

/** A cap that was reached in this block. */
export type Crossing = {
  cap: Cap
  /** The limit in base units as it was at this moment. */
  limit: bigint
  /** What left within the window; net, if so asked, of what came in afterwards. */
  sum: bigint
  /** Holdings when the window began; null where percent plays no part. */
  base: bigint | null
  /** The movement with which the sum reached the limit. */
  leg: Leg
  /** Counts how often this cap has spoken. */
  episode: number
  /** What has left since the cap was first reached in this episode, its window included. */
  total: bigint
}

/** A cap that still is reached, of which nothing new is to be told. */
export type Growth = Pick<Crossing, 'cap' | 'sum' | 'base'>

export type Question = {
  ledger: Ledger
  caps: readonly Cap[]
  legs: readonly Leg[]
  net: boolean
  decimals: number
  /** Holdings before the block; null where they could not be read. */
  held: bigint | null
  /** Holdings when a window began, where more moved than is judged. */
  atStart?(window: WindowName): bigint
  block: { number: number; timestamp: number }
}

/** The caps that the movements of a block reach, and the episodes after it. */
export function crossingsIn(question: Question): {
  crossings: Crossing[]
  grown: Growth[]
  episodes: Ledger['episodes']
} {
  const crossings: Crossing[] = []
  const grown: Growth[] = []
  const episodes = { ...question.ledger.episodes }
  for (const cap of question.caps) {
    const judged = cap.window === 'transaction' ? judgeTransactions(question, cap) : judgeWindow(question, cap)
    crossings.push(...judged.crossings)
    if (judged.grown) grown.push(judged.grown)
    if (judged.episode) episodes[cap.window] = judged.episode
  }
  return { crossings, grown, episodes }
}

type Judged = { crossings: Crossing[]; grown?: Growth; episode: Episode | undefined }

/**
 * A window speaks when its cap is reached, and in an open episode whenever twice as much has left as it last told of:
 * who heard of a fifth and thinks that it is over must hear that all of it goes.
 */
function judgeWindow(question: Question, cap: Cap): Judged {
  const { ledger, legs, net, block } = question
  const prior = sumsBefore(ledger, cap.window, { time: block.timestamp, net })
  const known = ledger.episodes[cap.window]
  const open = stillOpen(question, cap.window, prior)
  const limit = limitOf(question, cap, prior)
  const crossing = limit && crossingOf(question, { legs, prior, limit: limit.limit })
  if (!open && !crossing) return { crossings: [], episode: known && closed(known, block) }

  const total = open ? BigInt(open.total) + left(sumsOf(legs), net) : crossing!.sum
  const goesOn = { limit: open?.limit ?? String(limit!.limit), total: String(total) }
  if (!crossing || (open && total < BigInt(open.next))) {
    const grown = crossing && { cap, sum: crossing.sum, base: limit!.base }
    const episode = { ...open!, ...goesOn, block: crossing ? block.number : open!.block }
    return { crossings: [], ...(grown && { grown }), episode }
  }
  const count = (known?.count ?? 0) + 1
  return {
    crossings: [{ cap, ...limit, ...crossing, episode: count, total }],
    episode: { ...goesOn, count, next: String(2n * total), block: block.number },
  }
}

const closed = ({ count }: Pick<Episode, 'count'>, { number }: Question['block']): Episode => ({
  limit: null,
  count,
  total: '0',
  next: '0',
  block: number,
})

/** The open episode of a window, unless the sum has fallen below half of its limit before this block. */
export function stillOpen(
  { ledger, net, block }: Pick<Question, 'ledger' | 'net' | 'block'>,
  window: WindowName,
  prior: Sums = sumsBefore(ledger, window, { time: block.timestamp, net }),
): (Episode & { limit: string }) | null {
  const episode = ledger.episodes[window]
  if (!episode || episode.limit === null) return null
  // A single block has no sum to fall: its episode lasts as long as every block reaches the cap again.
  const holds = window === 'block' ? block.number - episode.block <= 1 : 2n * left(prior, net) >= BigInt(episode.limit)
  return holds ? { ...episode, limit: episode.limit } : null
}

/** Native value that no single transaction can be named for is added up: one of them may have taken all of it. */
function judgeTransactions(question: Question, cap: Cap): Judged {
  const { ledger, legs, block } = question
  const count = (ledger.episodes.transaction?.count ?? 0) + 1
  const limit = limitOf(question, cap, nothing)
  const crossings = [...Map.groupBy(legs, ({ transactionHash }) => transactionHash).values()].flatMap((own) => {
    const crossing = limit && crossingOf(question, { legs: own, prior: nothing, limit: limit.limit })
    return crossing ? [{ cap, ...limit, ...crossing, episode: count, total: crossing.sum }] : []
  })
  return { crossings, episode: crossings.length > 0 ? closed({ count }, block) : undefined }
}

const nothing: Sums = { out: 0n, in: 0n }
const sumsOf = (legs: readonly Leg[]): Sums => ({ out: sumOf(legs, 'out'), in: sumOf(legs, 'in') })

/** Null: percent cannot be judged, or there was nothing to lose. */
function limitOf({ decimals, held, legs, ...question }: Question, { window, percent, amount }: Cap, prior: Sums) {
  const fixed = amount === undefined ? 0n : unitsOf(amount, decimals)
  if (percent === undefined) return { limit: fixed, base: null }
  if (held === null) return null
  const atStart = question.atStart?.(window) ?? held + prior.out - prior.in
  // What was empty when the window began is measured against what came since.
  const base = atStart > 0n ? atStart : held + prior.out + sumOf(legs, 'in')
  const share = percentOf(percent, base)
  const limit = share > fixed ? share : fixed
  return base > 0n && limit > 0n ? { limit, base } : null
}

function crossingOf(
  { net }: Question,
  { legs, prior, limit }: { legs: readonly Leg[]; prior: Sums; limit: bigint },
): { sum: bigint; leg: Leg } | null {
  const sums = sumsOf(legs)
  const sum = left({ out: prior.out + sums.out, in: prior.in + sums.in }, net)
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
