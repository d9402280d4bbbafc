import type { Hex } from 'viem'
import { toHex } from 'viem/utils'
import { z } from 'zod'
import { hash } from '../../lib/hash.ts'
import { plainText } from '../../lib/plainText.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { compileExpression } from '../../rules/compileRule.ts'
import type { Expression } from '../../rules/expression.ts'
import { type Frame, Undecidable } from '../../rules/frame.ts'
import { reasonList } from '../reasonList.ts'
import { remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { planInterests, planOf, readsOfPlans } from '../timelocks/planOf.ts'
import { distinctTargets } from './distinctTargets.ts'
import { factOf, showValue } from './showValue.ts'

const options = z.strictObject({
  invariant: z
    .string()
    .describe('What must hold after every block, such as `totalAssets() * 1000 >= totalSupply() * 999`.'),
  everyBlocks: z.int().min(1).max(1_000_000).default(1).describe('It is asked every so many blocks.'),
  evidence: z.enum(['soft', 'hard']).default('soft').describe('`hard`: that it does not hold is the loss itself.'),
  plannable: z
    .boolean()
    .default(false)
    .describe(
      '`true`: a number of it that a timelock of the config changed, or an amount that it moved, as it had announced is told of as medium, since the page came when it was scheduled.',
    ),
})
type Options = z.infer<typeof options>

/** `episodes`: how often an invariant has stopped holding. `rule`: hash of the one that was judged. */
const kept = z.object({ episodes: z.number(), broken: z.boolean(), rule: z.string() })
type Remembered = z.output<typeof kept>
const rememberedState = remembered(kept)

/** Speaks when something that must always be true of the state stops being true, once until it is true again. */
export const state = defineDetector<Options>({
  id: 'state',
  title: 'An invariant that does not hold any more',
  scenario:
    'Through a way that nobody thought of, the books stop adding up: more shares than assets, a cap that is passed, a price that is far from its second source. No event says so.',
  signal:
    'The condition under `invariant` is asked of the state at the end of a block, every `everyBlocks`. It pages once when it stops holding, or did not hold at the first look, and the alert ends when it holds again; with `plannable`, what a timelock of the config had announced is `medium`.',
  response:
    'Compare the values in the facts with the code that should have kept them together, and look at the last transactions before. Unless it is harmless for sure, pause first and understand later.',
  knownLimits: [
    'What is broken and mended within one block, or between two looks, is not seen.',
    'It compares with constants and other state, not with what was a block before; for leaps there is `value-jump`.',
    'An honest change that your invariant did not foresee, such as a new kind of debt, pages until it is rewritten.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile({ targets, names, options }) {
    const showAddress = addressShower(names)
    const rule = hash(options.invariant)
    const holders = new Set(options.plannable ? targets.map(({ address }) => address) : [])
    const invariants = distinctTargets(targets).map((target) => ({
      target,
      expression: compileExpression(options.invariant, { target, names }, 'bool'),
    }))
    return {
      interests: [
        { kind: 'tick', everyBlocks: options.everyBlocks },
        ...(options.plannable ? planInterests(names) : []),
      ],
      notes: invariants.flatMap(({ expression }) => expression.notes),
      reads: (observation) =>
        observation.ticked
          ? [
              ...invariants.flatMap(({ expression }) => expression.reads(frameOf(observation))),
              ...readsOfPlans(holders, observation),
            ]
          : [],
      detect(observation, memory) {
        const [claims, cleared, blind]: [Claim[], string[], string[]] = [[], [], []]
        const changed: Record<string, Remembered> = {}
        if (!observation.ticked) return {}
        const seen = { observation, names, holders, showAddress }
        for (const { target, expression } of invariants) {
          const { address, name } = target
          const holds = expression.evaluate(frameOf(observation), observation.state)
          if (holds instanceof Undecidable) {
            blind.push(`${name}: ${holds.reason}`)
            continue
          }
          const { episodes, broken, rule: judged } = recall(memory, address)
          // What is known of the invariant that stood in the config before says nothing of this one.
          if (holds ? !broken : broken && judged === rule) continue
          if (holds) cleared.push(address)
          else claims.push(claimOf(target, expression, options, { ...seen, episode: episodes + 1 }))
          changed[address] = { episodes: holds ? episodes : episodes + 1, broken: !holds, rule }
        }
        return { claims, cleared, blind: reasonList(blind), memory: changed }
      },
    }
  },
})

function frameOf({ block }: Pick<Observation, 'block'>): Frame {
  return { args: [], block, log: null, transaction: null, receipt: null }
}

function recall(memory: Memory, key: string): Remembered {
  return rememberedState(memory, key) ?? { episodes: 0, broken: false, rule: '' }
}

type Seen = Parameters<typeof planOf>[2] & { episode: number; showAddress: Parameters<typeof showValue>[2] }
type Measured = ReturnType<Expression<boolean>['measure']>

/** Of one invariant. */
const numbersMax = 8

/** What calldata that sets a number holds, or that moves as much as two numbers now differ by: it, as one word. */
function wordsOf(values: Measured): Hex[] {
  const numbers = values.flatMap(({ value }) => (typeof value === 'bigint' && value >= 0n ? [value] : []))
  const some = numbers.slice(0, numbersMax)
  const differences = some.flatMap((one) => some.flatMap((other) => (one > other ? [one - other] : [])))
  return [...numbers, ...differences].map((value) => toHex(value, { size: 32 }))
}

function claimOf(
  { address, name }: Contract,
  expression: Expression<boolean>,
  { invariant, evidence }: Options,
  { observation, names, holders, episode, showAddress }: Seen,
): Claim {
  const values = expression.measure(frameOf(observation), observation.state)
  const plan = planOf(address, wordsOf(values), { observation, names, holders })
  const shown = values.map(({ text, value, type }) => `${text} is ${showValue(value, type, showAddress)}`)
  return {
    key: `episode ${episode}`,
    subject: `invariant of ${address}`,
    address,
    title: plainText(`Invariant of ${name} does not hold: ${shown.join(', ') || invariant}`, 200),
    facts: {
      invariant: plainText(invariant, 1000),
      ...Object.fromEntries(values.map(({ text, value, type }) => [text, factOf(value, type)])),
      ...(plan && { planned: `it had been scheduled in the timelock ${plan}` }),
    },
    ...(plan && { severity: 'medium' as const }),
    evidence,
  }
}
