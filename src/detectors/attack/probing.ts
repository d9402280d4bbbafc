import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import type { Address, Transaction } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { allowList, allowListOption, allowListWords } from '../allowList.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { netOf } from './losses.ts'
import {
  type Actor,
  belongsTo,
  functionsOf,
  newActor,
  rememberedActors,
  trimActors,
  withFollowers,
  withTries,
} from './probing/actors.ts'
import { type Try, triesOf, tryOf } from './probing/triesOf.ts'

const options = z.strictObject({
  traces: tracesOption,
  minutes: z.int().min(1).max(10_080).default(60).describe('For how long a failed call is remembered.'),
  functions: z.int().min(2).max(10).default(3).describe('How many functions somebody must have tried in vain.'),
  tries: z.int().min(2).max(10).default(5).describe('How many calls of his must have failed.'),
  known: allowListOption(1000).describe(
    `Who may try, such as keepers and your own testers. Accounts of the config may. ${allowListWords}`,
  ),
})
type Options = z.output<typeof options>

const actorsKey = 'actors'
const claimsMax = 16

type Judging = {
  options: Options
  ours: ReadonlySet<Address>
  known: ReadonlySet<Address>
  time: number
  show(address: Address): string
}

/**
 * Speaks where somebody tries the functions of our contracts one after the other and fails, himself, by accounts that he
 * paid or by contracts that he made meanwhile; and again, more gravely, where he then takes something out. Users fail, too,
 * but with the one function that they want to use.
 */
export const probing = defineDetector<Options>({
  id: 'probing',
  title: 'Somebody tries the doors',
  scenario:
    'Before the call that empties a contract come those that did not: the thief has the wrong argument, the wrong order or too little gas, and tries again a few minutes later, often by a new contract.',
  signal:
    "Failed calls of one actor (a sender, the accounts he pays meanwhile, the contracts he makes) within `minutes` are added up. `tries` of them on `functions` functions, or that many by a contract made for it, are `low`; the monitor's severity where something leaves the contracts after them.",
  response:
    'Let the failed calls run on a fork and look at what they would have done. Be ready to pause. If the same functions fail for many, it is the page or an allowance and no thief.',
  knownLimits: [
    'Whoever tries on a fork leaves no failed call.',
    'Calls that fail inside a transaction of another contract, and are caught, are seen only with `traces` as `all`.',
    'Accounts without a payment between them are taken for several actors.',
    'A keeper or tester of yours that is not under `known` is told of.',
  ],
  severity: 'medium',
  sign: { stage: 'preparation', restsOn: 'calls' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'traces'],

  compile(assignment) {
    const { options, targets, names } = assignment
    const ours = addressesOf(targets)
    const list = allowList(options.known, assignment, addressesOf(names.values()))
    const show = addressShower(names)
    return {
      interests: [...touchInterests([...ours], options.traces), { kind: 'tick', everyBlocks: 1 }],
      notes: [
        'Calls that fail inside transactions to other contracts are seen with `traces: all` only, or by contracts that somebody made while he was trying.',
      ],

      reads: list.reads,

      detect(observation, memory) {
        const { allowed: known, blind: unread } = list.at(observation)
        const before = rememberedActors(memory, actorsKey) ?? []
        const { timestamp: time } = observation.block
        const judging = { options, ours, known, time, show }
        const { actors, claims, blind } = follow(before, observation, judging)
        const remember = isDeepStrictEqual(before, actors) ? {} : { [actorsKey]: [...actors] }
        return { claims: claims.slice(0, claimsMax), blind: [...unread, ...blind], memory: remember }
      },
    }
  },
})

function follow(before: readonly Actor[], observation: Observation, judging: Judging) {
  const { block } = observation
  const { ours, known, time, options } = judging
  const outcomes = new Map(touchedOutcomes(observation).map((each) => [each.transaction.index, each]))
  const claims: Claim[] = []
  const oldest = time - 60 * options.minutes
  let actors = trimActors(before, oldest)
  if (outcomes.size === 0 && actors.length === 0) return { actors, claims, blind: [] }
  for (const transaction of block.transactions) {
    const found = actors.find((actor) => belongsTo(actor, transaction))
    const outcome = outcomes.get(transaction.index) ?? (found && outcomeOf(observation, transaction))
    if (!outcome || known.has(transaction.from) || ours.has(transaction.from)) continue
    const own = Boolean(found && transaction.to && found.made.includes(transaction.to))
    const tries = [...triesOf(outcome, ours), ...ownTry(outcome, own)]
    const begun = found ?? (tries[0] && newActor(transaction.from, tries[0].target, time))
    if (!begun) continue
    const actor = withFollowers(begun, transaction, ours)
    const after = tries.length > 0 ? withTries(actor, tries, { ours, time, own }) : actor
    const kind = newsOf(after, outcome, judging)
    if (kind) claims.push(claimProbing(after, { kind, transaction, show: judging.show }))
    const next = kind ? { ...after, told: kind } : after
    actors = trimActors([...actors.filter((each) => each !== found), next], oldest)
  }
  const isBlind = [...outcomes.values()].some(({ receipt }) => receipt === null)
  const blind = isBlind ? ['Receipts were not fetched, so that failed transactions cannot be told.'] : []
  return { actors, claims, blind }
}

const outcomeOf = ({ block }: Observation, transaction: Transaction): Outcome => ({
  ...{ transaction, receipt: block.receipts?.[transaction.index] ?? null },
})

/** A contract that was made for it fails: what it tried inside is not known without its calls. */
function ownTry({ transaction, receipt, calls }: Outcome, own: boolean): Try[] {
  return own && !calls && receipt?.status === 'reverted' ? [tryOf(transaction.to!, transaction.input)] : []
}

/** What there is to be told of an actor after a transaction. Null: nothing new. */
function newsOf(actor: Actor, outcome: Outcome, { options, ours }: Judging): Actor['told'] | null {
  const byOwn = actor.tries.filter(({ own }) => own).length
  const isSeries =
    actor.failed >= options.tries && (functionsOf(actor).length >= options.functions || byOwn >= options.tries)
  if (!isSeries || actor.told === 'taking') return null
  const isTaking = [...netOf(movementsOf(outcome), ours).values()].some((amount) => amount > 0n)
  if (isTaking) return 'taking'
  return actor.told ? null : 'series'
}

function claimProbing(
  actor: Actor,
  {
    kind,
    transaction,
    show,
  }: { kind: NonNullable<Actor['told']>; transaction: Transaction; show(of: Address): string },
): Claim {
  const { accounts, made, target, since, last, failed } = actor
  const [who] = accounts as [Address]
  const functions = functionsOf(actor)
  const minutes = Math.max(1, Math.ceil((last - since) / 60))
  const story = `${show(who)} tried ${functions.length} ${functions.length === 1 ? 'function' : 'functions'} of ${show(target)} in vain, ${failed} times within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
  return {
    key: `probing ${who} ${since} ${kind}`,
    transactionHash: transaction.hash,
    address: target,
    title: kind === 'taking' ? `${story}, and then took something out` : story,
    facts: { accounts, made, functions, failed, sender: transaction.from },
    evidence: 'soft',
    confidence: kind === 'taking' ? 'medium' : 'low',
    ...(kind === 'series' && { severity: 'low' as const }),
    group: `probing ${who}`,
  }
}
