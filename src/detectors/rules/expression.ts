import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Rule } from '../../rules/compileRule.ts'
import { compileVersions, readingsOf, type VersionedRule } from '../../rules/compileVersions.ts'
import type { Frame, State } from '../../rules/frame.ts'
import type { Inside } from '../../rules/listOccurrences.ts'
import type { Type } from '../../rules/type.ts'
import { reasonList } from '../reasonList.ts'
import { addressShower } from '../showAddress.ts'
import { distinctTargets } from './distinctTargets.ts'
import { internalOption } from './internalOption.ts'
import type { Match } from './judgeRule.ts'
import { interestsOf, type Judged, judgeVersions, readsOfVersions } from './judgeVersions.ts'
import { factOf } from './showValue.ts'
import { titleTemplate } from './titleTemplate.ts'

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
  internal: internalOption,
})
type Options = z.infer<typeof options>

const factsMax = 64
const pathType: Type = { kind: 'array', of: { kind: 'address' } }

/** Speaks for every event, call or transfer of which the rule under `when` is true. */
export const expression = defineDetector<Options>({
  id: 'expression',
  title: 'What a rule of your own describes',
  scenario:
    'Something that only the people of this protocol know to be wrong, such as a withdrawal above the usual size or a role for a stranger, happens in plain sight and nobody looks.',
  signal:
    "Each event, call or transfer of a contract is judged by the rule under `when`, which may compare its parameters, the transaction and the state. Each one of which it is true is a finding of the monitor's severity.",
  response:
    'Whoever wrote the rule wrote down what to do: follow it. Compare the values in the facts with what was planned, and ask the sender on a second channel where nobody planned it.',
  knownLimits: [
    'It judges each event by itself, without memory; sums over time are for `outflow-cap`, `unusual-outflow` and `transaction-rate`.',
    'Without `internal` calls and coins that move inside a transaction are not seen.',
    'Anybody who can make the contract tell of such an event can make the rule page; `evidence` says only how much weight you give to it.',
  ],
  severity: 'medium',
  options,
  when: 'required',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const speakers = distinctTargets(assignment.targets).map((target) => speakerOf(assignment, target))
    const readsState = speakers.some(({ versioned }) => mayReadState(versioned))
    return {
      stateless: true,
      interests: speakers.flatMap(({ versioned }) => interestsOf(versioned)),
      notes: speakers.flatMap(({ versioned }) => versioned.notes),
      ...(readsState && {
        reads: (observation) => speakers.flatMap(({ versioned }) => readsOfVersions(versioned, observation)),
      }),
      detect(observation) {
        const said = speakers.map(({ versioned, claimsOf }) => {
          const { judged, blind } = judgeVersions(versioned, observation)
          return { claims: judged.flatMap(claimsOf), blind }
        })
        return {
          claims: said.flatMap(({ claims }) => claims),
          blind: reasonList(said.flatMap(({ blind }) => blind)),
        }
      },
    }
  },
})

type Speaker = { versioned: VersionedRule; claimsOf(judged: Judged): Claim[] }

function speakerOf({ when = '', names, options }: Assignment<Options>, target: Contract): Speaker {
  const versioned = compileVersions(when, { target, names, internal: options.internal })
  const show = addressShower(names)
  const titles = new Map(readingsOf(versioned).map((rule) => [rule, titleTemplate(rule, options.title, show)]))
  const claimOf = (rule: Rule, { transactionHash, log, inside, frame }: Match, state: State): Claim => ({
    key: keyOf(target.address, log?.position, inside?.position),
    transactionHash,
    ...(log && { logIndex: log.logIndex }),
    address: target.address,
    title: titles.get(rule)!(frame),
    facts: factsOf(rule, frame, state, inside),
    evidence: options.evidence,
  })
  return {
    versioned,
    claimsOf: ({ rule, matches, state }) => matches.map((match) => claimOf(rule, match, state)),
  }
}

const mayReadState = (versioned: VersionedRule) =>
  versioned.versions.size > 0 || readingsOf(versioned).some(({ condition }) => condition?.readsState)

/** A transaction or a transfer inside it may concern two targets of one monitor; a log concerns one. */
function keyOf(address: Address, log: number | undefined, call: number | undefined): string {
  if (log !== undefined) return `log ${log}`
  return call === undefined ? address : `${address} call ${call}`
}

function factsOf(rule: Rule, frame: Frame, state: State, inside: Inside | undefined): Record<string, Json> {
  const facts: Record<string, Json> = {}
  for (const [index, { name, type }] of rule.parameters.entries()) {
    facts[name || `args[${index}]`] = factOf(frame.args[index]!, type)
  }
  if (frame.transaction) facts['tx.from'] = frame.transaction.from
  if (inside) facts['call.path'] = factOf(inside.path, pathType)
  for (const { text, value, type } of rule.condition?.measure(frame, state) ?? []) facts[text] ??= factOf(value, type)
  return Object.fromEntries(Object.entries(facts).slice(0, factsMax))
}
