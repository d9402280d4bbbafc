import { z } from 'zod'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import { claimFor } from '../conditions.ts'
import { feedsOf, feedsOption, type Source } from '../contractOption.ts'
import { latestRound, type Round, readRounds } from '../prices/feedRound.ts'
import { decimalShape, remembered } from '../remembered.ts'
import { showPercent } from '../tokens/amounts.ts'

const options = z.strictObject({
  feeds: feedsOption,
  percent: z
    .number()
    .min(0.01)
    .max(1000)
    .default(10)
    .describe('Percent from one answer to the next from which it speaks at medium, if the feed is not used to more.'),
  grave: z
    .number()
    .min(0.01)
    .max(100_000)
    .default(50)
    .describe('Percent from which it has the severity of the monitor.'),
})
type Options = z.output<typeof options>

/** `usual`: the largest step that was no alarm, as a natural logarithm; it forgets slowly. Plain data. */
const rememberedAnswer = remembered(z.object({ answer: decimalShape, usual: z.number() }))

/** Three times the largest usual step is unusual; half of a usual step is forgotten after seventy answers. */
const [timesUsual, forget] = [3, 0.99]

/** Speaks when the answer of a feed leaps: a stolen key of its reporters, a broken source, or a market that breaks down. */
export const oracleJump = defineDetector<Options>({
  id: 'oracle-jump',
  title: 'A feed that leaps from one answer to the next',
  scenario:
    'Somebody got hold of the key that reports the price, or of the thin market that it is taken from, and makes a coin worth ten times as much for as long as it takes to borrow against it.',
  signal:
    'The answer of each feed at the end of a block is compared with the one before. A step of more than `percent`, or of three times the largest usual one where that is more, is `medium`; one of more than `grave` pages.',
  response:
    'Look at the price elsewhere. If the market did not move, pause borrowing and liquidation and find out who reported it. If it did, watch for liquidations that fail.',
  knownLimits: [
    'Several rounds within one block are seen as one step, and a false answer that is corrected within the block not at all.',
    'A price that is walked up in steps of less than `percent` is not seen.',
    'The first answer it reads is taken as right.',
    'A market that truly halves between two rounds pages.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  needs: ['state'],

  compile(assignment) {
    const { options, targets } = assignment
    const feeds = feedsOf(options.feeds, assignment)
    return {
      limits: { grave: options.grave },
      interests: [{ kind: 'state', reads: feeds.map(({ address }) => latestRound(address)), everyBlocks: 1 }],

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const { feed, round } of readRounds(observation, feeds, blind)) {
          const known = rememberedAnswer(memory, feed.address)
          const answer = round.answer.toString()
          if (known?.answer === answer) continue
          const jump = known ? stepBetween(BigInt(known.answer), round.answer) : 0
          const usual = known?.usual ?? 0
          const grave = Math.log1p(options.grave / 100)
          const medium = Math.min(grave, Math.max(Math.log1p(options.percent / 100), timesUsual * usual))
          // An alarm is no usual step. What is not a price is for `oracle-bounds`.
          const next = jump === null || jump > medium ? usual : Math.max(usual * forget, jump)
          remember[feed.address] = { answer, usual: Number(next.toPrecision(4)) }
          if (known && jump !== null && jump > medium) {
            claims.push(
              ...claimFor(targets, `jump ${feed.address}`, claimOf(feed, round, known, jump > grave ? jump : null)),
            )
          }
        }
        return { claims, blind, memory: remember }
      },
    }
  },
})

/** Null: one of them is no price. */
function stepBetween(before: bigint, after: bigint): number | null {
  return before > 0n && after > 0n ? Math.abs(Math.log(Number(after)) - Math.log(Number(before))) : null
}

/** @param grave How far it leapt, as a logarithm; null: no farther than is medium. */
function claimOf(
  feed: Source,
  { answer, roundId, updatedAt }: Round,
  { answer: before }: { answer: string },
  grave: number | null,
) {
  const old = BigInt(before)
  const change =
    answer > old ? `rose by ${showPercent(answer - old, old)}` : `fell by ${showPercent(old - answer, old)}`
  return {
    key: `jump ${feed.address} round ${roundId}`,
    subject: `answers of ${feed.address}`,
    title: `The price of ${feed.name} ${change} from one answer to the next`,
    facts: { feed: feed.address, before, answer: answer.toString(), roundId: roundId.toString(), updatedAt },
    evidence: 'soft',
    ...(grave === null ? { severity: 'medium' } : { measured: { limit: ['grave'], value: 100 * Math.expm1(grave) } }),
  } satisfies Omit<Claim, 'address'>
}
