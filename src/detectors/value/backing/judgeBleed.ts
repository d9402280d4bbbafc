import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import type { Book } from './book.ts'
import { fallOf } from './judgeBook.ts'
import { booksIn, lastBooksShape, plainBooks } from './lastBooks.ts'
import type { BackingOptions } from './options.ts'
import { isRebase, isRebaseWrittenOff } from './rebase.ts'

/** How long what was lost in small parts is added up. Fees take longer to be as much. */
const bleedSeconds = 7 * 86_400

const peakKey = (target: string) => `peak ${target}`
/** `steps`: what was lost by book in single blocks that each took enough to be told of, in millionths. Plain data. */
const rememberedPeak = remembered(
  z.object({ since: z.number(), episodes: z.number(), books: lastBooksShape, steps: z.record(z.string(), z.number()) }),
)
type Steps = Record<string, number>

const millionths = ({ part, whole }: { part: bigint; whole: bigint }) => Number((part * 1_000_000n) / whole)

/**
 * Adds up what falls in parts too small to page: the books are compared with the best that they were within a week. It
 * speaks once for each loss as large as pages at once, and is medium where less than half of it was taken in steps that
 * could be seen: what is invested becomes less worth by and by, a thief takes.
 * @param before Of the block before, where something touched the contract.
 * @param isTold Whether the block was told of already, so that the count begins anew.
 */
export function judgeBleed(
  {
    target,
    before,
    after,
    isTold,
  }: { target: Contract; before: readonly Book[]; after: readonly Book[]; isTold: boolean },
  { observation, memory, options }: { observation: Observation; memory: Memory; options: BackingOptions },
): { claims: Claim[]; memory: Record<string, Json> } {
  if (after.length === 0) return { claims: [], memory: {} }
  const known = rememberedPeak(memory, peakKey(target.address))
  const { timestamp } = observation.block
  const keep = (since: number, episodes: number, books: readonly Book[], steps: Steps = {}) => ({
    [peakKey(target.address)]: { since, episodes, books: plainBooks({ books, episodes: 0 }), steps },
  })
  const episodes = known?.episodes ?? 0
  if (!known || isTold || timestamp - known.since > bleedSeconds)
    return { claims: [], memory: keep(timestamp, episodes, after) }
  const { books: best } = booksIn(known.books)
  const steps = stepsAfter(known.steps, before, after, options)
  const fallen = after.flatMap((book) => {
    const was = best.find(({ name }) => name === book.name)
    const fall = was && !isRebase(was, book) && !isRebaseWrittenOff(undefined, was, book) ? fallOf(was, book) : null
    return was && fall && isPercentOf(fall.part, options.highPercent, fall.whole) ? [{ book, was, fall }] : []
  })
  if (fallen.length > 0) {
    const claims = fallen.map(({ book, was, fall }): Claim => {
      const share = showPercent(fall.part, fall.whole)
      return {
        key: `bleed ${target.address} ${book.name} ${episodes + 1}`,
        subject: `backing of ${target.address}`,
        address: target.address,
        title: `${target.name}: ${share} less stands behind its ${book.name} than a week ago at most, lost in small parts`,
        facts: {
          ...{ book: book.name, share, since: known.since },
          ...{ claimsBefore: String(was.claims), claimsAfter: String(book.claims) },
          ...{ backingBefore: String(was.backing), backingAfter: String(book.backing) },
        },
        evidence: 'hard',
        confidence: 'medium',
        ...(2 * (steps[book.name] ?? 0) < millionths(fall) && { severity: 'medium' as const }),
      }
    })
    return { claims, memory: keep(timestamp, episodes + 1, after) }
  }
  const better = after.map((book) => {
    const was = best.find(({ name }) => name === book.name)
    return was && fallOf(was, book) ? was : book
  })
  // What was better for a moment is not worth a row in every block.
  const isSame =
    !observation.ticked || JSON.stringify(plainBooks({ books: better, episodes: 0 })) === JSON.stringify(known.books)
  const isStep = !isDeepStrictEqual(steps, known.steps)
  return { claims: [], memory: isSame && !isStep ? {} : keep(known.since, episodes, better, steps) }
}

function stepsAfter(steps: Steps, before: readonly Book[], after: readonly Book[], options: BackingOptions): Steps {
  const taken = after.flatMap((book): [string, number][] => {
    const was = before.find(({ name }) => name === book.name)
    const fall = was && !isRebase(was, book) && !isRebaseWrittenOff(undefined, was, book) ? fallOf(was, book) : null
    if (!fall || !isPercentOf(fall.part, options.mediumPercent, fall.whole)) return []
    return [[book.name, (steps[book.name] ?? 0) + millionths(fall)]]
  })
  return { ...steps, ...Object.fromEntries(taken) }
}
