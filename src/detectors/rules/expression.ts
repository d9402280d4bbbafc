import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import { type Assignment, defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import { compileRule, type Rule } from '../../rules/compileRule.ts'
import { type Frame, type State, Undecidable } from '../../rules/frame.ts'
import { interestOf, listOccurrences, type Occurrence } from '../../rules/listOccurrences.ts'
import { addressShower } from '../showAddress.ts'
import { reasonList } from './reasonList.ts'
import { factOf } from './showValue.ts'
import { headline, titleTemplate } from './titleTemplate.ts'

const options = z.strictObject({
  title: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Title of its findings, such as `{receiver} took {assets} out of {target}`. Default: all parameters.'),
  evidence: z
    .enum(['soft', 'hard'])
    .default('soft')
    .describe('`hard`: what the rule describes is the loss itself, not a sign of it.'),
})
type Options = z.infer<typeof options>

const factsMax = 64

/** Speaks for every event, call or transfer of which the rule under `when` is true. */
export const expression = defineDetector<Options>({
  id: 'expression',
  title: 'Rule',
  scenario:
    'Something that only the people of this protocol know to be wrong, such as a withdrawal above the usual size or a role for a stranger, happens in plain sight and nobody looks.',
  response:
    'Whoever wrote the rule wrote down what to do: follow it. Compare the values in the facts with what was planned, and ask the sender on a second channel where nobody planned it.',
  severity: 'medium',
  options,
  when: 'required',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const speakers = assignment.targets.map((target) => speakerOf(assignment, target))
    const readsState = speakers.some(({ rule }) => rule.condition?.readsState)
    return {
      interests: speakers.map(({ rule }) => interestOf(rule)),
      ...(readsState && {
        reads: (observation) =>
          speakers.flatMap(({ rule }) =>
            listOccurrences(rule, observation).flatMap(({ frame }) =>
              'undecodable' in frame ? [] : (rule.condition?.reads(frame) ?? []),
            ),
          ),
      }),
      detect(observation) {
        const claims: Claim[] = []
        const blind: string[] = []
        for (const { rule, speak } of speakers)
          for (const occurrence of listOccurrences(rule, observation)) {
            const said = speak(occurrence, observation.state)
            if (said instanceof Undecidable) blind.push(`${headline(rule)}: ${said.reason}`)
            else if (said) claims.push(said)
          }
        return { claims, blind: reasonList(blind) }
      },
    }
  },
})

type Speaker = { rule: Rule; speak(occurrence: Occurrence, state: State): Claim | Undecidable | null }

function speakerOf({ when = '', names, options }: Assignment<Options>, target: Rule['target']): Speaker {
  const rule = compileRule(when, { target, names })
  const titleOf = titleTemplate(rule, options.title, addressShower(names))
  return {
    rule,
    speak({ transactionHash, log, frame }, state) {
      if ('undecodable' in frame) return new Undecidable(frame.undecodable)
      const answer = rule.condition?.evaluate(frame, state) ?? true
      if (answer instanceof Undecidable) return answer
      if (!answer) return null
      return {
        key: keyOf(target.address, log?.position),
        transactionHash,
        ...(log && { logIndex: log.logIndex }),
        address: target.address,
        title: titleOf(frame),
        facts: factsOf(rule, frame, state),
        evidence: options.evidence,
      }
    },
  }
}

/** A transaction may concern two targets of one monitor; a log concerns one. */
function keyOf(address: Address, position: number | undefined): string {
  return position === undefined ? address : `log ${position}`
}

function factsOf(rule: Rule, frame: Frame, state: State): Record<string, Json> {
  const facts: Record<string, Json> = {}
  for (const [index, { name, type }] of rule.parameters.entries()) {
    facts[name || `args[${index}]`] = factOf(frame.args[index]!, type)
  }
  if (frame.transaction) facts['tx.from'] = frame.transaction.from
  for (const { text, value, type } of rule.condition?.measure(frame, state) ?? []) facts[text] ??= factOf(value, type)
  return Object.fromEntries(Object.entries(facts).slice(0, factsMax))
}
