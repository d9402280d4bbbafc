import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { knownCall } from '../../calls/knownFunctions.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import { callFacts, type Done, placeOf, senderFacts } from './claimExecutions.ts'
import { daySeconds, type Recent } from './recent.ts'
import type { SafeLog } from './safeLogs.ts'
import { explanations, labels, type SettingName, type Settings, settingNames } from './settings.ts'

type Judging = { safe: Contract; observation: Observation; show(address: Address): string }

/** Fewer signatures than before: what a thief with some of the keys waits for. */
export function claimThreshold(
  { safe, observation }: Judging,
  before: Settings,
  now: Settings,
  told: readonly SafeLog[],
): Claim[] {
  const [from, to] = [BigInt(before.threshold), BigInt(now.threshold)]
  const log = told.findLast(({ name }) => name === 'threshold' || name === 'setup')?.log
  if (!log || to >= from) return []
  return [
    {
      ...placeOf(safe, 'threshold', log),
      title: `${safe.name} now asks for ${to} of ${BigInt(now.ownerCount)} signatures instead of ${from} of ${BigInt(before.ownerCount)}`,
      facts: {
        old: from.toString(),
        new: to.toString(),
        owners: BigInt(now.ownerCount).toString(),
        ...senderFacts(observation, log),
      },
      evidence: 'hard',
      severity: 'critical',
    },
  ]
}

/** New owners that are enough to sign alone: the Safe belongs to somebody else. */
export function claimOwners(
  { safe, observation }: Judging,
  { added, removed }: Recent,
  now: Settings,
  told: readonly SafeLog[],
): Claim[] {
  const log = told.findLast(({ name }) => name === 'addedOwner' || name === 'removedOwner')?.log
  const threshold = Number(BigInt(now.threshold))
  const isTaken = added.length >= threshold && (threshold > 1 || removed.length > 0)
  if (!log || !isTaken) return []
  return [
    {
      ...placeOf(safe, 'owners', log),
      title: `${added.length} owners of ${safe.name} are new within a day: they are enough to sign alone`,
      facts: {
        threshold: threshold.toString(),
        added: added.map(([account]) => account),
        removed: removed.map(([account]) => account),
        ...senderFacts(observation, log),
      },
      evidence: 'hard',
      severity: 'critical',
    },
  ]
}

/** A module that acts within a day of being enabled. `done`: what it did, where that can be seen. */
export function claimNewModule(
  { safe, observation, show }: Judging,
  { enabled }: Recent,
  { name, log, values }: SafeLog,
  done: Done | undefined,
): Claim[] {
  const module = values[0] as Address
  const since = enabled.find(([account]) => account === module)?.[1]
  if (since === undefined || name !== 'moduleSuccess') return []
  const seconds = observation.block.timestamp - since
  return [
    {
      ...placeOf(safe, 'module', log),
      title: `Module ${show(module)} acted for ${safe.name} without signatures, ${ageOf(seconds)} after it was enabled`,
      facts: {
        module,
        enabledAt: since.toString(),
        secondsAgo: seconds.toString(),
        ...(done && callFacts(done, show)),
        ...senderFacts(observation, log),
      },
      evidence: 'hard',
      severity: 'critical',
    },
  ]
}

const ageOf = (seconds: number) =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7200
      ? `${Math.floor(seconds / 60)} min`
      : `${Math.floor(Math.min(seconds, daySeconds) / 3600)} h`

/** Settings that changed in storage while the Safe told nothing of it: code that ran as the Safe wrote them. */
export function claimSilent(
  { safe, observation }: Judging,
  before: Settings,
  now: Settings,
  { told, calls, episode }: { told: readonly SafeLog[]; calls: readonly Instruction[]; episode: number },
): Claim[] {
  const names = told.map(({ name }) => name)
  const own = calls.filter(({ to }) => to === safe.address).map((call) => knownCall(call)?.name)
  const isExplained = (name: SettingName) => {
    if (name === 'nonce') return true
    const { events, calls: setters } = explanations[name]
    return (
      names.includes('setup') ||
      events.some((event) => names.includes(event)) ||
      setters.some((each) => own.includes(each))
    )
  }
  const silent = settingNames.filter((name) => before[name] !== now[name] && !isExplained(name))
  return silent.map((name) => ({
    ...subjectOf(observation, safe, name, episode),
    title: `The ${labels[name]} of ${safe.name} changed from ${before[name]} to ${now[name]}, and no event was emitted`,
    facts: { setting: name, old: before[name], new: now[name], event: null },
    evidence: 'hard',
    confidence: 'high',
    severity: 'critical',
  }))
}

/** An execution that nobody was shown. */
export function claimMissed(
  { safe, observation }: Judging,
  before: Settings,
  now: Settings,
  { seen, episode }: { seen: number; episode: number },
): Claim[] {
  const moved = BigInt(now.nonce) - BigInt(before.nonce)
  if (moved === BigInt(seen)) return []
  return [
    {
      ...subjectOf(observation, safe, 'nonce', episode),
      title: `The nonce of ${safe.name} went from ${BigInt(before.nonce)} to ${BigInt(now.nonce)}, and ${seen} executions were seen`,
      facts: { old: BigInt(before.nonce).toString(), new: BigInt(now.nonce).toString(), executions: seen.toString() },
      evidence: 'hard',
      confidence: 'high',
      severity: 'high',
    },
  ]
}

function subjectOf(observation: Observation, safe: Contract, name: SettingName, episode: number) {
  const suspects = transactionsTouching(observation, safe.address)
  const only = suspects.length === 1 ? suspects[0] : undefined
  return {
    address: safe.address,
    group: `safe silent ${safe.address}`,
    ...(only
      ? { key: `silent ${safe.address} ${name}`, transactionHash: only.hash }
      : { key: `silent ${name} ${episode}`, subject: `${name} of ${safe.address}` }),
  }
}
