import { z } from 'zod'
import { durationWords } from '../../lib/durationWords.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import { type Condition, followConditions, type Level } from '../conditions.ts'
import { feedsOf, feedsOption, type Source } from '../contractOption.ts'
import { latestRound, type Round, readRounds } from '../prices/feedRound.ts'
import { remembered } from '../remembered.ts'

const options = z.strictObject({
  feeds: feedsOption,
  heartbeat: z
    .int()
    .min(1)
    .max(31 * 86_400)
    .optional()
    .describe(
      'Seconds after which the feed promises a new round. Default: the longest that it was seen to take, at least an hour; a day before five rounds were seen.',
    ),
})
type Options = z.output<typeof options>

/** Rounds seen, the longest time between two of them, and when the last one came. Plain data. */
const pace = z.object({ rounds: z.number(), longest: z.number(), updatedAt: z.number() })
type Pace = z.output<typeof pace>
const rememberedPace = remembered(pace)

/** Where the heartbeat is not told. Chainlink's feeds promise a round every hour, or every day at the slowest. */
const learned = { roundsMin: 5, secondsMin: 3_600, unknownSeconds: 86_400 }
/** In tenths of the heartbeat: a keeper may be a little late, and so with the round after the one that it missed. */
const late = { medium: 11, grave: 22 }

/** Speaks of a feed whose last price has become old, once until a new one comes. */
export const oracleStale = defineDetector<Options>({
  id: 'oracle-stale',
  title: 'A feed whose last price is old',
  scenario:
    'The price feed stops while the market goes on. Whoever notices first borrows against collateral that is no longer worth what the feed says, or is liquidated at a price that is gone.',
  signal:
    'The time of the last round is read in every block. Older than 1.1 times `heartbeat`, or answered in an earlier round, is `medium`; older than 2.2 times pages; a new round ends it. Without `heartbeat` the longest pause that was seen counts, at least an hour, and a day until five rounds were seen.',
  response:
    'Ask whoever runs the feed, and look whether its transactions fail. Until it speaks again, pause borrowing and liquidation, or turn to the second source.',
  knownLimits: [
    'A feed that tells no time of its rounds is not judged.',
    'A learned heartbeat grows with each pause, so that a feed that once stood still for a day may do so again.',
    'New rounds that repeat an old price are fresh here.',
    'A feed that moves only with the price, and is quiet in a calm market, needs its own `heartbeat`.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile(assignment) {
    const feeds = feedsOf(assignment.options.feeds, assignment)
    const { heartbeat } = assignment.options
    return {
      interests: [{ kind: 'state', reads: feeds.map(({ address }) => latestRound(address)), everyBlocks: 1 }],

      detect(observation, memory) {
        const conditions: Condition[] = []
        const blind: string[] = []
        const paces: Record<string, Json> = {}
        for (const { feed, round } of readRounds(observation, feeds, blind)) {
          // Some feeds tell no time: then age is nothing that could be judged.
          if (round.updatedAt === 0) continue
          const key = `pace ${feed.address}`
          const known = rememberedPace(memory, key)
          const pace = paceAfter(known, round)
          if (pace !== known) paces[key] = pace
          conditions.push(ageOf(feed, round, observation.block.timestamp, heartbeat ?? heartbeatOf(pace)))
        }
        const followed = followConditions(conditions, { memory, relying: assignment.targets })
        return { ...followed, blind, memory: { ...followed.memory, ...paces } }
      },
    }
  },
})

function paceAfter(known: Pace | undefined, { updatedAt }: Round): Pace {
  if (!known) return { rounds: 1, longest: 0, updatedAt }
  if (updatedAt <= known.updatedAt) return known
  return { rounds: known.rounds + 1, longest: Math.max(known.longest, updatedAt - known.updatedAt), updatedAt }
}

function heartbeatOf({ rounds, longest }: Pace): number {
  return rounds < learned.roundsMin ? Math.max(learned.unknownSeconds, longest) : Math.max(learned.secondsMin, longest)
}

function ageOf(feed: Source, round: Round, now: number, heartbeat: number): Condition {
  const { updatedAt, roundId, answeredInRound } = round
  const age = Math.max(0, now - updatedAt)
  // Feeds of today always answer in the round itself; 0 stands where a feed does not fill this in.
  const isIncomplete = answeredInRound !== 0n && answeredInRound < roundId
  const level: Level =
    10 * age > late.grave * heartbeat ? 'grave' : 10 * age > late.medium * heartbeat || isIncomplete ? 'medium' : 'fine'
  const title =
    10 * age > late.medium * heartbeat
      ? `The last price of ${feed.name} is ${durationWords(age)} old; it should come every ${durationWords(heartbeat)}`
      : `The last round of ${feed.name} was not answered: its price is that of an earlier one`
  return {
    key: `stale ${feed.address}`,
    level,
    title,
    facts: {
      feed: feed.address,
      ageSeconds: age,
      heartbeatSeconds: heartbeat,
      updatedAt,
      answer: round.answer.toString(),
      roundId: roundId.toString(),
      answeredInRound: answeredInRound.toString(),
    },
    evidence: 'hard',
  }
}
