import { isDeepStrictEqual } from 'node:util'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { compileVersions, type VersionedRule } from '../../rules/compileVersions.ts'
import { allowList } from '../allowList.ts'
import { followConditions } from '../conditions.ts'
import { resolveContract } from '../contractOption.ts'
import { reasonList } from '../reasonList.ts'
import { distinctTargets } from '../rules/distinctTargets.ts'
import { interestsOf, readsOfVersions } from '../rules/judgeVersions.ts'
import { addressShower } from '../showAddress.ts'
import { type Deed, deedsIn, deedsOfRule } from './serviceHealth/deedsIn.ts'
import { type Habits, learnDeed, meet, newHabits, rememberedHabits } from './serviceHealth/habits.ts'
import { lastingTroubles } from './serviceHealth/lastingTroubles.ts'
import { type ServiceHealthOptions, serviceHealthOptions } from './serviceHealth/options.ts'
import {
  claimIntrusion,
  claimLeap,
  claimNovelty,
  isIntrusion,
  isPermitted,
  permitReads,
} from './serviceHealth/strangeDeeds.ts'

/** Of one contract in one block: how many are told of, and how many unknown senders are asked about. */
const [claimsMax, askedMax] = [4, 8]

/**
 * Follows a service by what it does at a contract: how often, by whom, what. Speaks once when it is late (medium), when
 * it is silent, when its calls fail in a row, when somebody else does its work, and when it does what it never did or says a
 * number far from the last.
 */
export const serviceHealth = defineDetector<ServiceHealthOptions>({
  id: 'service-health',
  title: 'A keeper, relayer or attester is late, failing or replaced',
  scenario:
    'A keeper, relayer, liquidator or attester stops, is held up by failing calls, or its work is done by somebody who should not be able to: rates, roots and prices grow old until somebody uses them, or are written by a thief.',
  signal:
    'It learns the rhythm of each function that `services` call (or of what `of` describes, at least every `within`). Late by half more than the longest pause, and four times the usual one, is `medium`; twice that pages where the work goes by the clock, and later than `within` pages at once. `failures` failed calls in a row are `medium`, twice as many page. Work by somebody whom neither the config nor the contract (`namedBy`, `role`) lets, after five by the service alone, pages. A new function is `medium` after ten works and pages after thirty; a number three times as far from the last as ever is `medium` from a quarter and pages from a half, unless the contract paid or made just so much.',
  response:
    'Ask whoever runs the service: does it run, has it gas, is it refused? If somebody else did its work, find out how they came to be let; if nobody knows, pause what relies on it.',
  knownLimits: [
    'Work done by need, shared with others or seen for a short time only stays `medium` when it is late.',
    'A new key that the contract itself names is believed; that it was named is for `dependency-map` and `privileged-change`.',
    'A service that is a contract works inside transactions, and is seen where the contract sends logs or with `internal`.',
    'With `of`, rhythm and sender are judged, not the numbers.',
    'A second keeper that nobody entered under `allowed` pages once.',
    'A stolen key that does the usual work with slightly wrong numbers is not told apart.',
  ],
  severity: 'high',
  options: serviceHealthOptions,
  when: 'none',
  lasting: true,
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const { options } = assignment
    const places = placesOf(assignment)
    const list = allowList(options.allowed, assignment)
    const accounts = [...new Set(places.flatMap(({ services }) => [...services]))]
    const addresses = places.map(({ target }) => target.address)
    const rules = places.flatMap(({ rule }) => rule ?? [])
    return {
      learns: true,
      interests: [
        ...rules.flatMap(interestsOf),
        {
          kind: 'transaction',
          touching: [...new Set([...addresses, ...accounts])],
          ...(options.internal && { traces: options.internal }),
        },
        { kind: 'log', addresses },
        { kind: 'tick', everyBlocks: 1 },
      ],
      notes: rules.flatMap(({ notes }) => notes),

      reads: (view, memory) => [
        ...list.reads(view),
        ...places.flatMap((place) => {
          const { target, services, rule } = place
          // Which deeds a rule means is not known before its reads: all senders to the contract may have done one.
          const deeds = deedsIn(view, target, services).deeds
          const habits = rememberedHabits(memory, target.address)
          const certain = { ...place, allowed: list.certain(view) }
          const strangers = habits ? strangersIn(deeds, habits, certain).slice(0, askedMax) : []
          return [
            ...(rule ? readsOfVersions(rule, view) : []),
            ...strangers.flatMap((account) => permitReads(target, account, options)),
          ]
        }),
      ],

      detect(observation, memory) {
        const { allowed, blind: unread } = list.at(observation)
        const [claims, cleared, blind]: [Claim[], string[], string[]] = [[], [], [...unread]]
        const remember: Record<string, Json> = {}
        for (const place of places) {
          const { target, who } = place
          const now = observation.block.timestamp
          const before = rememberedHabits(memory, target.address)
          const judged = judgeDeeds(observation, before ?? newHabits(now), { ...place, allowed })
          const troubles = lastingTroubles(judged.habits, { target, who, options, now })
          const followed = followConditions(troubles, { memory, relying: [target] })
          claims.push(...judged.claims, ...followed.claims)
          cleared.push(...followed.cleared)
          blind.push(...judged.blind)
          Object.assign(remember, followed.memory)
          if (!isDeepStrictEqual(judged.habits, before)) remember[target.address] = judged.habits
        }
        return { claims, cleared, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

/** A contract, and who works at it. `who`: for sentences. */
type Place = {
  target: Contract
  rule: VersionedRule | null
  services: ReadonlySet<Address>
  /** Others who may do the work in this block. */
  allowed: ReadonlySet<Address>
  who: string
  show(address: Address): string
  options: ServiceHealthOptions
}

function placesOf(assignment: Assignment<ServiceHealthOptions>): Omit<Place, 'allowed'>[] {
  const { options, targets, names } = assignment
  const services = options.services.map((text) => resolveContract(text, assignment))
  const who =
    services
      .map(({ name }) => name)
      .join(', ')
      .slice(0, 80) || 'the service'
  return distinctTargets(targets).map((target) => ({
    ...{ target, who, options, show: addressShower(names) },
    services: new Set(services.map(({ address }) => address)),
    rule: options.of === undefined ? null : compileVersions(options.of, { target, names, internal: options.internal }),
  }))
}

/** Without a name for the service, whoever does the work is it. */
const isOurs = ({ by }: Deed, { met }: Habits, { services, allowed, options }: Place) =>
  services.has(by) || allowed.has(by) || met.includes(by) || (services.size === 0 && options.namedBy === undefined)

/** Senders of whom must be asked whether the contract lets them do the work. */
function strangersIn(deeds: readonly Deed[], habits: Habits, place: Place): Address[] {
  const { namedBy, role } = place.options
  if (namedBy === undefined && role === undefined) return []
  const others = deeds.filter((deed) => !deed.failed && deed.direct && !isOurs(deed, habits, place))
  // Of a service that only the contract names, nothing is known before it has worked.
  const asked = others.filter((deed) => place.rule !== null || place.services.size === 0 || isIntrusion(habits, deed))
  return [...new Set(asked.map(({ by }) => by))]
}

function judgeDeeds(observation: Observation, start: Habits, place: Place) {
  const { target, rule, services, options } = place
  const claims: Claim[] = []
  const blind: string[] = []
  const plain = deedsIn(observation, target, services)
  const ruled = rule && deedsOfRule(rule, observation, services)
  const askable = new Set(strangersIn(plain.deeds, start, place).slice(0, askedMax))
  let habits: Habits = plain.worksElsewhere && !start.elsewhere ? { ...start, elsewhere: true } : start
  // What fails does no work, so the rule does not mean it.
  const deeds = ruled
    ? [...ruled.deeds, ...plain.deeds.filter(({ failed, by }) => failed && services.has(by))]
    : plain.deeds
  if (plain.left > 0) blind.push(`${plain.left} more transactions at ${target.name} were not looked at.`)
  blind.push(...(ruled?.blind ?? []))
  for (const deed of deeds) {
    const at = observation.block.timestamp
    let ours = isOurs(deed, habits, place)
    if (!ours && askable.has(deed.by)) {
      const permitted = isPermitted(observation, target, deed.by, options)
      if (permitted === null) blind.push(`Whether ${target.name} lets ${deed.by} do the work could not be read.`)
      ours = permitted === true
      if (ours) habits = meet(habits, deed.by)
    }
    const strange = ours
      ? (claimNovelty(habits, deed, place) ?? claimLeap(habits, deed, { ...place, observation }))
      : isIntrusion(habits, deed) && claimIntrusion(deed, place)
    if (strange && claims.length < claimsMax) claims.push(strange)
    habits = learnDeed(habits, deed, { ours, at })
    // Told once: a second keeper that nobody entered here would be told of for ever.
    if (strange && !ours) habits = meet(habits, deed.by)
  }
  return { claims, blind, habits }
}
