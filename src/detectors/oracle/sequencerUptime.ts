import { z } from 'zod'
import { durationWords } from '../../lib/durationWords.ts'
import { defineDetector } from '../../model/detector.ts'
import { type Condition, followConditions, type Level } from '../conditions.ts'
import { contractOption, resolveContract, type Source } from '../contractOption.ts'
import { latestRound, type Round, readRound } from '../prices/feedRound.ts'

const options = z.strictObject({
  feed: contractOption.describe('The status feed of the sequencer, as `$name` or address: 0 is up, 1 is down.'),
  grace: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(3_600)
    .describe('Seconds after its return in which prices are still old, and positions cannot have been saved.'),
})
type Options = z.output<typeof options>

/**
 * Speaks when the status feed of a rollup's sequencer says that it is down, and, milder, while it has just come back. A
 * sequencer that is down makes no blocks either: what the loop says of a chain that stands still comes first.
 */
export const sequencerUptime = defineDetector<Options>({
  id: 'sequencer-uptime',
  title: 'The sequencer of a rollup is down, or has just come back',
  scenario:
    'The sequencer of a rollup stops for an hour while the market falls. When it comes back the prices are old, and whoever reaches it first, or came by the other chain, borrows at them or liquidates people who could not act.',
  signal:
    'The status feed under `feed` is read in every block. It pages while it says 1 (down), is `medium` for `grace` seconds after its return, and is over then.',
  response:
    'Pause liquidations and borrowing, or see that the contracts do so by themselves, until the time of grace is over and all prices are new.',
  knownLimits: [
    'A chain without a sequencer makes no blocks either, so that the page may come only when it is back; that a chain stands still is told by Tocsin itself.',
    'It believes the feed, which is written by a bridge and can be late.',
    'A sequencer that runs and leaves out some transactions is up.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile(assignment) {
    const { targets, options } = assignment
    const feed = resolveContract(options.feed, assignment)
    return {
      interests: [{ kind: 'state', reads: [latestRound(feed.address)], everyBlocks: 1 }],

      detect(observation, memory) {
        const round = readRound(observation, feed.address)
        const why = 'blind' in round ? round.blind : whyUnclear(round)
        if ('blind' in round || why !== null) return { blind: [`The status in ${feed.name} is not known: ${why}`] }
        const condition = statusOf(feed, round, { now: observation.block.timestamp, grace: options.grace })
        return followConditions([condition], { memory, relying: targets })
      },
    }
  },
})

function whyUnclear({ answer, startedAt }: Round): string | null {
  if (answer !== 0n && answer !== 1n) return `its answer is ${answer.toString().slice(0, 20)}, neither 0 nor 1`
  return startedAt === 0 ? 'it tells no time, as before its first report' : null
}

function statusOf(
  feed: Source,
  { answer, startedAt }: Round,
  { now, grace }: { now: number; grace: number },
): Condition {
  const seconds = Math.max(0, now - startedAt)
  const isDown = answer === 1n
  const level: Level = isDown ? 'grave' : seconds < grace ? 'medium' : 'fine'
  return {
    key: `sequencer ${feed.address}`,
    level,
    title: isDown
      ? `The sequencer has been down for ${durationWords(seconds)}, as ${feed.name} says`
      : `The sequencer came back ${durationWords(seconds)} ago: prices may be old for ${durationWords(grace)}`,
    facts: { feed: feed.address, down: isDown, since: startedAt, graceSeconds: grace },
    evidence: 'hard',
  }
}
