import { z } from 'zod'
import { plainText } from '../../lib/plainText.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { compileExpression } from '../../rules/compileRule.ts'
import { type Frame, Undecidable } from '../../rules/frame.ts'
import { contractOption, feedsOf, type Source, sourcesMax } from '../contractOption.ts'
import { latestRound, roundOf } from '../prices/feedRound.ts'
import { reasonList } from '../reasonList.ts'
import { decimalShape, remembered } from '../remembered.ts'
import { distinctTargets } from './distinctTargets.ts'
import { showValue } from './showValue.ts'
import { type Asked, answersIn, askedNumber, askedOption } from './valueJump/askedNumber.ts'

const percent = z.number().min(0.01).max(1_000_000)

const fields = z.strictObject({
  values: z
    .array(z.string().max(1_000))
    .max(64)
    .default([])
    .describe('Whole numbers of the state, such as `getAssetPrice($weth)`, written as in a rule.'),
  calls: z
    .array(askedOption)
    .max(64)
    .default([])
    .describe(
      'Numbers that other contracts answer, where no ABI is known. `tocsin init` finds what the contracts under `on` ask.',
    ),
  percent: percent.default(10).describe('Percent between two looks from which it speaks, at `medium`.'),
  grave: percent.default(50).describe('Percent from which it speaks with the severity of the monitor.'),
  everyBlocks: z.int().min(1).max(100_000).default(1).describe('How often it looks.'),
  feeds: z
    .array(contractOption)
    .max(sourcesMax)
    .default([])
    .describe(
      'Feeds that a monitor of `oracle-jump` watches, as `$name` or address. It pages where one leaps; a value that leapt no farther along with it is told at `medium`, so that one leap is one page.',
    ),
})
const options = fields.refine(
  ({ values, calls }) => values.length + calls.length > 0,
  'name at least one value or call',
)
type Options = z.output<typeof options>

/** By their texts, as decimal strings. `jumps`: how many there were, to tell one from the next. */
const valuesShape = z.object({ last: z.record(z.string(), z.string()), jumps: z.number() })
type Remembered = z.output<typeof valuesShape>
const rememberedValues = remembered(valuesShape)
const rememberedPrice = remembered(decimalShape)

const integer = { kind: 'integer' } as const

/** Speaks when a number of the state is far from what it was when it was last looked at. */
export const valueJump = defineDetector<Options>({
  id: 'value-jump',
  title: 'A number of the state that leaps',
  scenario:
    'The price by which a market lends, a cap or a rate is set from one block to the next to whatever a thief needs: by a stolen key, by a source that was exchanged, or by a trick with what it is computed from.',
  signal:
    'Each number under `values` is compared with what it was at the last look, `everyBlocks` ago, and likewise what `calls` ask, with traces also what was answered within a transaction though it is back when the block ends: from `percent` away it is `medium`, from `grave` it pages. Half and twice as much are both a leap of 100 %; to zero, or across it, is one without end. Where one of `feeds` leapt by more than half in the same block, and at least as far, it stays `medium`.',
  response:
    'Find the transaction that changed it and who was allowed to. If nobody planned it, pause what uses the value before somebody borrows or withdraws by it.',
  knownLimits: [
    'What it sees first it takes as right.',
    'Many steps of less than `percent` each are not seen, and those below `grave` stay `medium`.',
    'A value that comes back before the next look is seen only by `calls`, in blocks at which it looks; one that is handed in with the calldata, never.',
    'An honest step, such as a new cap or a market that falls by a third overnight on a rare feed, pages just so.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  needs: ['state'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const { values, calls, percent: notable, grave, everyBlocks } = options
    const feeds = feedsOf(options.feeds, assignment)
    const asked = calls.map((each) => askedNumber(each, assignment))
    const watched = distinctTargets(targets).map((target) => ({
      target,
      values: [
        ...[...new Set(values)].map((text) => ({
          text,
          value: compileExpression(text, { target, names }, 'integer'),
        })),
        ...asked,
      ],
    }))
    return {
      limits: { grave },
      interests: [
        { kind: 'tick', everyBlocks },
        ...(asked.length > 0
          ? [{ kind: 'transaction', touching: targets.map(({ address }) => address), traces: 'touching' } as const]
          : []),
      ],
      notes: watched.flatMap(({ values: own }) => own.flatMap(({ value }) => value.notes)),
      reads: (observation) =>
        observation.ticked
          ? [
              ...watched.flatMap(({ values: own }) => own.flatMap(({ value }) => value.reads(frameOf(observation)))),
              ...feeds.map(({ address }) => latestRound(address)),
            ]
          : [],
      detect(observation, memory) {
        if (!observation.ticked) return {}
        const within = watched.flatMap(({ target }) => leapsWithin(target, asked, { observation, memory, grave }))
        const [claims, blind]: [Claim[], string[]] = [within, []]
        const changed: Record<string, Json> = {}
        const leaps = followFeeds(observation, feeds, memory)
        Object.assign(changed, leaps.memory)
        for (const { target, values: own } of watched) {
          const known = rememberedValues(memory, target.address) ?? { last: {}, jumps: 0 }
          const next: Remembered = { last: {}, jumps: known.jumps }
          for (const { text, value } of own) {
            const now = value.evaluate(frameOf(observation), observation.state)
            const before = known.last[text]
            if (now instanceof Undecidable) {
              blind.push(`${target.name}: ${now.reason}`)
              if (before !== undefined) next.last[text] = before
              continue
            }
            next.last[text] = now.toString()
            const moved = before === undefined ? 0 : percentBetween(BigInt(before), now)
            if (moved < notable) continue
            next.jumps++
            const claim = claimOf(target, { text, from: BigInt(before!), to: now, moved, count: next.jumps })
            const feed = leaps.moved.find(({ percent }) => percent > pagedFrom && moved <= percent * withinTimes)
            if (feed) claim.facts.feed = feed.address
            const measured = Number.isFinite(moved) ? { measured: { limit: ['grave'], value: moved } } : {}
            claims.push(moved < grave || feed ? { ...claim, severity: 'medium' } : { ...claim, ...measured })
          }
          const isSame = Object.entries(next.last).every(([text, value]) => known.last[text] === value)
          if (!isSame || next.jumps !== known.jumps) changed[target.address] = next
        }
        return { claims, blind: reasonList(blind), memory: changed }
      },
    }
  },
})

/** Answers that were far off in the midst of a block and are as before at its end: such as of who pushes a price and brings it back. */
function leapsWithin(
  target: Contract,
  asked: readonly Asked[],
  { observation, memory, grave }: { observation: Observation; memory: Memory; grave: number },
): Claim[] {
  const known = rememberedValues(memory, target.address)?.last ?? {}
  return asked.flatMap(({ text, value, question }) => {
    const before = known[text]
    if (before === undefined) return []
    const now = value.evaluate(frameOf(observation), observation.state)
    // What lasts is told as the leap of the block.
    if (now instanceof Undecidable || percentBetween(BigInt(before), now) >= grave) return []
    const far = answersIn(target.address, question, observation.outcomes)
      .map((answer) => ({ ...answer, moved: percentBetween(BigInt(before), answer.number) }))
      .filter(({ moved }) => moved >= grave)
    const farthest = Map.groupBy(far, ({ transaction }) => transaction.hash)
    return [...farthest].map(([hash, answers]): Claim => {
      const { number: to, moved } = answers.reduce((most, each) => (each.moved > most.moved ? each : most))
      const { subject: _, ...claim } = claimOf(target, { text, from: BigInt(before), to, moved, count: 0 })
      const measured = Number.isFinite(moved) ? { measured: { limit: ['grave'], value: moved } } : {}
      return { ...claim, ...measured, key: `jump of ${text}`.slice(0, 200), transactionHash: hash }
    })
  })
}

function frameOf({ block }: Pick<Observation, 'block'>): Frame {
  return { args: [], block, log: null, transaction: null, receipt: null }
}

/** How much the larger is above the smaller, so that half and double are the same; a change of sign is without end. */
function percentBetween(before: bigint, now: bigint): number {
  if (before === now) return 0
  const [a, b] = [before < 0n ? -before : before, now < 0n ? -now : now]
  const [small, large] = a < b ? [a, b] : [b, a]
  if (small === 0n || before < 0n !== now < 0n) return Number.POSITIVE_INFINITY
  return Number(((large - small) * 10_000n) / small) / 100
}

/**
 * Percent from which `oracle-jump` pages of itself, and how much farther rounding may make a value move than the feed that
 * it follows.
 */
const [pagedFrom, withinTimes] = [50, 1.05]

const feedKey = (address: Address) => `feed ${address}`

/** How far each feed moved since the last look. What of it cannot be read is for the monitor that watches the feed. */
function followFeeds(
  { state }: Pick<Observation, 'state'>,
  feeds: readonly Source[],
  memory: Memory,
): { moved: { address: Address; percent: number }[]; memory: Record<string, Json> } {
  const moved: { address: Address; percent: number }[] = []
  const changed: Record<string, Json> = {}
  for (const { address } of feeds) {
    const result = state(latestRound(address))
    const answer = result.ok ? roundOf(result.data)?.answer : undefined
    const before = rememberedPrice(memory, feedKey(address))
    if (answer === undefined || before === answer.toString()) continue
    changed[feedKey(address)] = answer.toString()
    // Of a feed that gives no price others tell, but not of how far what follows it leapt.
    if (before !== undefined && BigInt(before) > 0n && answer > 0n)
      moved.push({ address, percent: percentBetween(BigInt(before), answer) })
  }
  return { moved, memory: changed }
}

type Jump = { text: string; from: bigint; to: bigint; moved: number; count: number }

function claimOf({ name, address }: Contract, { text, from, to, moved, count }: Jump): Claim {
  const [old, now] = [from, to].map((value) => showValue(value, integer, () => ''))
  const size = Number.isFinite(moved) ? `, ${to > from ? 'up' : 'down'} by a factor of ${factor(moved)}` : ''
  return {
    key: `jump ${count}`,
    subject: plainText(`${text} of ${address}`, 200),
    address,
    title: plainText(`${text} of ${name} leapt from ${old} to ${now}${size}`, 300),
    facts: { value: plainText(text, 500), old: from.toString(), new: to.toString() },
    evidence: 'hard',
  }
}

const factor = (moved: number) => (moved / 100 + 1).toLocaleString('en', { maximumSignificantDigits: 3 })
