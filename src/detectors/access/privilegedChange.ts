import { isDeepStrictEqual } from 'node:util'
import type { Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import { addressShower } from '../showAddress.ts'
import { planInterests, readsOfPlans as readsOfPlansAt } from '../timelocks/planOf.ts'
import { accessControlEvents } from './events/accessControl.ts'
import { accessManagerEvents } from './events/accessManager.ts'
import { diamondEvents } from './events/diamond.ts'
import { furtherStandards } from './events/furtherStandards.ts'
import { initializableEvents } from './events/initializable.ts'
import { lendingMarketEvents } from './events/lendingMarket.ts'
import { ownableEvents } from './events/ownable.ts'
import { pausableEvents } from './events/pausable.ts'
import { proxyEvents } from './events/proxy.ts'
import { safeEvents } from './events/safe.ts'
import { windowsOf } from './privilegedChange/calendar.ts'
import { judgeTarget } from './privilegedChange/judgeTarget.ts'
import { expectations, type PrivilegedChangeOptions, privilegedChangeOptions } from './privilegedChange/options.ts'
import { readsOfPlans } from './privilegedChange/plans.ts'
import { readsOfHandlers } from './privilegedChange/publishedHandlers.ts'
import { readsOfOwners } from './privilegedChange/signedOwners.ts'
import { readsOfState, rememberedBaseline } from './privilegedChange/stateChanges.ts'
import { proofsOf, tellingsOf } from './privilegedChange/tellings.ts'
import type { Kind, PrivilegedEvent } from './privilegedEvent.ts'
import { isSet } from './stateValues.ts'

const events: ReadonlyMap<Hex, PrivilegedEvent> = new Map(
  [
    ...ownableEvents,
    ...accessControlEvents,
    ...accessManagerEvents,
    ...proxyEvents,
    ...diamondEvents,
    ...pausableEvents,
    ...initializableEvents,
    ...safeEvents,
    ...furtherStandards,
    ...lendingMarketEvents,
  ].map((event) => [event.topic0, event]),
)

const baselineKey = ({ address }: Contract) => `state ${address}`

/**
 * Speaks of every change of who may do what, by the events of the standards and by reading the state itself, so that a
 * change without an event shows too; a change that both show is one finding. What is seen first is taken as right,
 * unless `expect` says what is.
 *
 * Graver than the monitor's severity (critical): implementation, proxy admin or code changed without an event; a
 * function opened to everybody. Milder: pauses, revoked roles of those who can stop nothing and scheduled operations
 * (medium), disabled initializers and changes to what `expect` names (info); what a timelock that rules the contract had
 * scheduled (medium, since the page came when it was scheduled), also behind a beacon, and the taking of ownership that
 * it had offered so; owners of a Safe who came or went as the others signed, as long as those who are new cannot sign
 * alone, more signatures than before, and fallback handlers that Safe publishes (medium).
 */
export const privilegedChange = defineDetector<PrivilegedChangeOptions>({
  id: 'privileged-change',
  title: 'Change of who rules a contract, or of its code',
  scenario:
    'Whoever got hold of an admin key first makes themselves owner, grants themselves a role or replaces the implementation, and takes the money only then, often hours later.',
  signal:
    'It reads the events of Ownable, AccessControl, AccessManager, Pausable, Initializable, Safe, diamonds, lending markets and proxies, and beside them the slots, owners and code themselves every `everyBlocks`. A change pages; an implementation, admin or code that changed without an event, and a function opened to everybody, is `critical`. `medium`: pauses, what a timelock that rules the contract had scheduled by a call that names the new value, power handed to a timelock or Safe of the config, owners of a Safe whom the others signed in. What `expect` names is news, anything else than that pages.',
  response:
    'Was this change planned, queued and announced? If nobody knows of it, act as if the key of the sender is stolen: pause, revoke what was granted, move what the key can reach.',
  knownLimits: [
    'What it sees first it takes as right, unless `expect` says what is.',
    'Lists of rights that a contract keeps in its own way tell no event of a standard; they are for `new-rights`.',
    'A key that was stolen and changes nothing is not seen.',
    'Long code is read every `codeEveryBlocks` only, unless somebody called the contract.',
    'Within a window of `planned` a change that only events show is `low`, and a thief can read a calendar, too.',
    'An upgrade by a plain key or a Safe, which nobody announced on the chain, pages however honest.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options: privilegedChangeOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { options, targets, names } = assignment
    const addresses = targets.map(({ address }) => address)
    const show = addressShower(names)
    const expected = expectations(assignment)
    const windows = windowsOf(options.planned, names)
    const heard = { events, ignore: options.ignore }
    const looking = (target: Contract, memory: Memory) => ({
      target,
      baseline: rememberedBaseline(memory, baselineKey(target)),
      codeEveryBlocks: options.codeEveryBlocks,
    })
    const wordsFor = ({ name, address }: Contract) => ({ name, show, self: address })
    const beaconsOf = (memory: Memory) =>
      new Set(targets.map((target) => looking(target, memory).baseline?.values.beacon).filter(isSet))
    return {
      learns: true,
      interests: [
        { kind: 'log', addresses, topics: [...events.keys()] },
        ...planInterests(names),
        { kind: 'transaction', touching: addresses },
        { kind: 'tick', everyBlocks: options.everyBlocks },
      ],

      reads: (view, memory) => [
        ...readsOfPlansAt(beaconsOf(memory), view),
        ...targets.flatMap((target) => {
          const look = looking(target, memory)
          const { told } = tellingsOf(heard, view.logs, wordsFor(target))
          const planning = { target, names, values: look.baseline?.values }
          return [
            ...readsOfState(look, view),
            ...proofsOf(told),
            ...readsOfPlans(planning, told, view),
            ...readsOfOwners(target.address, told),
            ...readsOfHandlers(told),
          ]
        }),
      ],

      detect(observation, memory) {
        const claims: Claim[] = []
        const cleared: string[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const target of targets) {
          const words = wordsFor(target)
          const { told, unread } = tellingsOf(heard, observation.logs, words)
          const before = looking(target, memory)
          const { ignore } = options
          const judged = judgeTarget({ observation, looking: before, told, ignore, expected, windows, names, words })
          claims.push(...judged.claims.map((claim) => graded(claim, options)))
          cleared.push(...judged.cleared)
          blind.push(...unread, ...judged.blind)
          if (!isDeepStrictEqual(judged.baseline, before.baseline)) {
            remember[baselineKey(target)] = judged.baseline
          }
        }
        return { claims, cleared, blind, memory: remember }
      },
    }
  },
})

/** As the config wants it, though what `expect` names stays news, and what was planned as mild as it is. */
function graded(claim: Claim, { severities }: PrivilegedChangeOptions): Claim {
  const severity = severities[claim.facts.kind as Kind]
  const isKept = severity === undefined || claim.severity === 'info' || claim.facts.planned !== undefined
  return isKept ? claim : { ...claim, severity }
}
