import { z } from 'zod'
import { hash } from '../../lib/hash.ts'
import { plainText } from '../../lib/plainText.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import { compileVersions } from '../../rules/compileVersions.ts'
import { reasonList } from '../reasonList.ts'
import { remembered } from '../remembered.ts'
import { distinctTargets } from './distinctTargets.ts'
import { internalOption } from './internalOption.ts'
import { interestsOf, judgeVersions, readsOfVersions } from './judgeVersions.ts'

const options = z.strictObject({
  of: z.string().describe('A rule for what must go on happening, such as `event AnswerUpdated`.'),
  within: z.int().min(1).max(10_000_000).describe('Number of blocks in which it must happen at least once.'),
  internal: internalOption,
})
type Options = z.infer<typeof options>

/**
 * `since`: block in which it last happened, or the first one seen. `missed`: the monitor has spoken of it. `rule`: hash of
 * the rule that was looked for.
 */
const kept = z.object({ since: z.number(), missed: z.boolean(), rule: z.string() })
type Remembered = z.output<typeof kept>
const rememberedAbsence = remembered(kept)

/** Speaks when something that must go on happening has not happened for too long, once until it happens again. */
export const absence = defineDetector<Options>({
  id: 'absence',
  title: 'Something that must go on happening has stopped',
  scenario:
    'A keeper, an oracle or a bridge relayer stops, by accident or because somebody holds it up. Nothing happens, so nothing is logged, and prices or roots grow old until somebody uses them.',
  signal:
    'The rule under `of` is looked for in every block, in events, calls or transfers of each contract. It pages once when it was true of nothing for `within` blocks, and the alert ends when it happens again.',
  response:
    'Find out whether the sender of the last one still runs, has gas, and is not refused. Where users act on what it reports, pause that until it reports again.',
  knownLimits: [
    'It counts blocks, not seconds; where only the clock matters, take `service-health` or `oracle-stale`.',
    'Whoever may cause what the rule describes, such as by an event with worthless values, keeps it silent; give the rule a condition or a sender.',
    'The first wait begins when the monitor does, so that what had stopped before is told `within` blocks later.',
    'Without `internal` it misses a call that one contract makes to another.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['logs', 'calldata', 'state'],

  compile({ targets, names, options }) {
    const asked = hash(options.of)
    const rules = distinctTargets(targets).map((target) =>
      compileVersions(options.of, { target, names, internal: options.internal }),
    )
    return {
      learns: true,
      interests: [...rules.flatMap(interestsOf), { kind: 'tick', everyBlocks: 1 }],
      notes: rules.flatMap(({ notes }) => notes),
      reads: (observation) => rules.flatMap((rule) => readsOfVersions(rule, observation)),
      detect(observation, memory) {
        const [claims, cleared, unclear]: [Claim[], Address[], string[]] = [[], [], []]
        const changed: Record<Address, Remembered> = {}
        const { number } = observation.block
        for (const rule of rules) {
          const { address } = rule.target
          const { judged, blind } = judgeVersions(rule, observation)
          const happened = judged.some(({ matches }) => matches.length > 0)
          unclear.push(...blind)
          const known = rememberedAbsence(memory, address)
          // What is known of the rule that stood in the config before says nothing of this one.
          if (known?.rule !== asked || happened) {
            changed[address] = { since: number, missed: false, rule: asked }
            if (known?.missed) cleared.push(address)
          } else if (!known.missed && number - known.since >= options.within) {
            changed[address] = { ...known, missed: true }
            claims.push(claimOf(rule.target, options, known.since))
          }
        }
        return { claims, cleared, blind: reasonList(unclear), memory: changed }
      },
    }
  },
})

function claimOf({ address, name }: Contract, { of, within }: Options, since: number): Claim {
  const blocks = `${within.toLocaleString('en')} ${within === 1 ? 'block' : 'blocks'}`
  return {
    key: `since ${since}`,
    subject: `absence at ${address}`,
    address,
    title: `${name} has been silent for ${blocks}: none of "${plainText(of, 80)}" since block ${since.toLocaleString('en')}`,
    facts: { rule: of, within: String(within), since: String(since) },
    evidence: 'soft',
  }
}
