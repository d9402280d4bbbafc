import type { Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { planOf } from '../../timelocks/planOf.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import type { Kind, Telling, Words } from '../privilegedEvent.ts'
import { isSet, type StateName, type StateValues } from '../stateValues.ts'
import { inCalendar, type Window } from './calendar.ts'
import { claimEvent, claimSilent, claimUnexpected, groupOfUnexpected, kindOf } from './claimChange.ts'
import { givenHome } from './givenHome.ts'
import { mildened } from './mildened.ts'
import { offeredAfter, takenAsPlanned } from './offers.ts'
import type { Expected } from './options.ts'
import { plannedBy } from './plans.ts'
import { milderHandler } from './publishedHandlers.ts'
import { judgeOwners } from './signedOwners.ts'
import { type Baseline, type Change, changesOfState } from './stateChanges.ts'
import type { Told } from './tellings.ts'

type Judging = {
  observation: Observation
  looking: Parameters<typeof changesOfState>[0]
  told: readonly Told[]
  ignore: readonly Kind[]
  expected: readonly Expected[]
  /** Changes that the config says are to come. */
  windows: readonly Window[]
  names: ReadonlyMap<string, Contract>
  words: Words
}

type Judged = { claims: Claim[]; cleared: string[]; baseline: Baseline }

/** Joins what one contract told with what its state shows. */
export function judgeTarget(judging: Judging): Judged & { blind: string[] } {
  const { observation, looking, ignore, words } = judging
  const { changes, baseline, blind } = changesOfState(looking, observation)
  const claims: Claim[] = []
  const [told, ignored] = [false, true].map((isIgnored) =>
    judging.told.filter(({ event }) => ignore.includes(event.kind) === isIgnored),
  ) as [Told[], Told[]]
  const explained = new Set<Change>()
  const { target } = looking
  const asPlanned = plannedBy({ target, names: judging.names, values: looking.baseline?.values }, told, observation)
  const before = looking.baseline
  const owners = judgeOwners(target.address, told, { before: before?.turnover, observation })
  const judged: { told: Told; claim: Claim }[] = []
  const calendar = (claim: Claim, kind: Kind, transaction: Transaction | undefined) =>
    inCalendar(claim, judging.windows, { kind, at: observation.block.timestamp, transaction })
  // The last of several events is the one whose effect the state shows.
  for (const { event, log, telling } of told.toReversed()) {
    const matching = changes.filter((change) => !explained.has(change) && isToldBy(telling, change))
    for (const change of matching) explained.add(change)
    const { evidence, stateAfter } = checkState(telling, matching, baseline.values, observation)
    const transaction = observation.block.transactions[log.transactionIndex]
    const claim = claimEvent({ event, log, telling, changes: matching, stateAfter, evidence, transaction, words })
    const own = { event, log, telling }
    const planned = takenAsPlanned(asPlanned(weigh(claim, judging.expected, matching), own), own, before)
    judged.unshift({ told: own, claim: planned })
    const ours = owners.milder(givenHome(planned, own, judging.names), own)
    const weighed = milderHandler(ours, own, target.address, observation)
    claims.unshift(calendar(weighed, event.kind, transaction))
  }
  const isIgnored = (change: Change) =>
    !explained.has(change) &&
    (ignore.includes(kindOf(change.name)) || ignored.some(({ telling }) => isToldBy(telling, change)))
  let episodes = baseline.episodes
  for (const change of distinct(changes)) {
    if (explained.has(change) || isIgnored(change)) continue
    const suspects = transactionsTouching(observation, words.self)
    if (suspects.length !== 1) episodes++
    const spoke = suspects.some(({ index }) =>
      observation.block.receipts?.[index]?.logs.some(({ address }) => address === words.self),
    )
    const silent = behindBeacon(claimSilent({ change, suspects, spoke, episode: episodes, words }), change, judging)
    const claim = weigh(silent, judging.expected, [change])
    claims.push(calendar(claim, kindOf(change.name), suspects.length === 1 ? suspects[0] : undefined))
  }
  const offered = offeredAfter(before?.offered, judged)
  const turnover = owners.after
  const kept = { ...baseline, episodes, ...(offered && { offered }), ...(turnover && { turnover }) }
  const spoken = changes.filter((change) => !isIgnored(change))
  const unexpected = judgeExpectations(judging, kept, spoken)
  return { ...unexpected, claims: [...claims, ...unexpected.claims], blind: blind ? [blind] : [] }
}

/** What a beacon names is changed by a call to the beacon, of which the proxies behind it tell nothing. */
function behindBeacon(claim: Claim, { name, to }: Change, { looking, observation, names }: Judging): Claim {
  const beacon = looking.baseline?.values.beacon
  if (name !== 'beaconImplementation' || !isSet(beacon)) return claim
  const timelock = planOf(beacon, [to], { observation, names, holders: new Set([beacon]) })
  return timelock ? mildened(claim, 'medium', { planned: `it had been scheduled in the timelock ${timelock}` }) : claim
}

const isToldBy = ({ sets }: Telling, { name, to }: Change) => sets?.values.includes(name) && sets.to === to

/** Old and new standards keep one address in two places: one change. */
function distinct(changes: readonly Change[]): Change[] {
  const isSame = (a: Change, b: Change) => kindOf(a.name) === 'upgrade' && kindOf(b.name) === 'upgrade' && a.to === b.to
  return changes.filter((change, place) => !changes.slice(0, place).some((earlier) => isSame(earlier, change)))
}

function checkState(
  { sets, proof }: Telling,
  matching: readonly Change[],
  values: StateValues,
  observation: Observation,
): { evidence: Claim['evidence']; stateAfter: string | undefined } {
  if (proof) {
    const answer = observation.state(proof.read)
    const isProven = answer.ok && answer.data.startsWith(proof.answer)
    return { evidence: isProven ? 'hard' : 'soft', stateAfter: undefined }
  }
  if (!sets) return { evidence: 'soft', stateAfter: undefined }
  const holds = sets.values.some((name) => values[name] === sets.to)
  if (matching.length > 0 || holds) return { evidence: 'hard', stateAfter: undefined }
  const present = (name: StateName) => values[name] !== undefined && values[name] !== 'none'
  return { evidence: 'soft', stateAfter: values[sets.values.find(present) ?? sets.values[0]!] }
}

/** A change to what the config expects is news, not an alarm. */
function weigh(claim: Claim, expected: readonly Expected[], changes: readonly Change[]): Claim {
  const [pin] = expected.filter(({ places }) => changes.some(({ name }) => places.includes(name)))
  if (!pin) return claim
  const facts = { ...claim.facts, expected: pin.value }
  if (!changes.every(({ to }) => to === pin.value)) return { ...claim, facts }
  return { ...claim, facts, title: `${claim.title}, as expected`, severity: 'info' }
}

/** Speaks once of each expectation that does not hold, unless one of the changes that were spoken of broke it. */
function judgeExpectations({ expected, words }: Judging, baseline: Baseline, spoken: readonly Change[]): Judged {
  const claims: Claim[] = []
  const cleared: string[] = []
  let { episodes } = baseline
  const broken: string[] = []
  for (const { name, value, places, current } of expected) {
    const actual = current(baseline.values)
    if (actual === value && baseline.broken.some((known) => known.startsWith(`${name} `))) {
      cleared.push(groupOfUnexpected(name, words))
    }
    if (actual === undefined || actual === value) continue
    const expectation = `${name} ${value}`
    broken.push(expectation)
    if (baseline.broken.includes(expectation) || spoken.some((change) => places.includes(change.name))) continue
    episodes++
    claims.push(claimUnexpected({ name, expected: value, actual, episode: episodes, words }))
  }
  return { claims, cleared, baseline: { ...baseline, episodes, broken } }
}
