import type { Address, Log, Transaction } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import type { Kind, PrivilegedEvent, Telling, Words } from '../privilegedEvent.ts'
import { isSet, none, type StateName } from '../stateValues.ts'
import type { Change } from './stateChanges.ts'

const labels: Record<StateName, { kind: Kind; label: string }> = {
  implementation: { kind: 'upgrade', label: 'Implementation' },
  legacyImplementation: { kind: 'upgrade', label: 'Implementation (slot of ZeppelinOS)' },
  proxiableImplementation: { kind: 'upgrade', label: 'Implementation (slot of ERC-1822)' },
  singleton: { kind: 'upgrade', label: 'Singleton' },
  ownImplementation: { kind: 'upgrade', label: 'implementation()' },
  beacon: { kind: 'upgrade', label: 'Beacon' },
  beaconImplementation: { kind: 'upgrade', label: 'Implementation behind the beacon' },
  proxyAdmin: { kind: 'admin', label: 'Proxy admin' },
  admin: { kind: 'admin', label: 'Admin' },
  owner: { kind: 'owner', label: 'Owner' },
  pendingOwner: { kind: 'owner', label: 'Pending owner' },
  authority: { kind: 'authority', label: 'Authority' },
  paused: { kind: 'pause', label: 'Pause' },
  code: { kind: 'code', label: 'Code' },
  implementationCode: { kind: 'code', label: 'Code of the implementation' },
}

export const kindOf = (name: StateName): Kind => labels[name].kind
/** Findings about one contract join one alert by kind: an upgrade must not hide in the alert of a pause. */
const groupOf = (kind: Kind, { self }: Words) => `privilege ${kind} ${self}`

/** Each expectation has an alert of its own, which is over when it holds again. */
export const groupOfUnexpected = (name: string, { self }: Words) => `privilege unexpected ${self} ${name}`

export function claimEvent({
  event,
  log,
  telling,
  changes,
  stateAfter,
  evidence,
  transaction,
  words,
}: {
  event: PrivilegedEvent
  log: Log
  telling: Telling
  /** The changes of state that the event tells of. */
  changes: readonly Change[]
  /** What the state holds, where the event says something else. */
  stateAfter: string | undefined
  evidence: Claim['evidence']
  transaction: Transaction | undefined
  words: Words
}): Claim {
  const old = changes[0]?.from
  const empowered = telling.empowers && isSet(telling.empowers) ? telling.empowers : undefined
  return {
    key: `${event.kind} ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: words.self,
    title: telling.title,
    facts: {
      kind: event.kind,
      standard: event.standard,
      ...(old !== undefined && { old }),
      ...telling.facts,
      ...(stateAfter !== undefined && { stateAfter }),
      ...who(transaction),
    },
    evidence,
    confidence: 'high',
    group: groupOf(event.kind, words),
    ...(telling.severity && { severity: telling.severity }),
    ...(transaction && empowered && { actors: [transaction.from, empowered] }),
  }
}

/** A change that the state shows and no event told of. */
export function claimSilent({
  change,
  suspects,
  spoke,
  episode,
  words,
}: {
  change: Change
  /** The transactions that can have done it. */
  suspects: readonly Transaction[]
  /** The contract told of something in one of them, though of nothing that is known. */
  spoke: boolean
  episode: number
  words: Words
}): Claim {
  const { kind } = labels[change.name]
  const only = suspects.length === 1 ? suspects[0] : undefined
  const severity = change.name === 'beaconImplementation' ? undefined : silentSeverity(kind)
  return {
    key: only ? `silent ${words.self} ${change.name}` : `silent ${change.name} ${episode}`,
    ...(only ? { transactionHash: only.hash } : { subject: `${change.name} of ${words.self}` }),
    address: words.self,
    title: silentTitle(change, words, spoke ? 'and no event that is known tells of it' : 'and no event was emitted'),
    facts: {
      kind,
      value: change.name,
      old: change.from,
      new: change.to,
      event: null,
      transactions: suspects.slice(0, 8).map(({ hash }) => hash),
      ...who(only),
    },
    evidence: 'hard',
    confidence: 'high',
    group: groupOf(kind, words),
    ...(severity && { severity }),
  }
}

export function claimUnexpected({
  name,
  expected,
  actual,
  episode,
  words,
}: {
  name: string
  expected: string
  actual: string
  episode: number
  words: Words
}): Claim {
  return {
    key: `unexpected ${name} ${episode}`,
    subject: `${name} of ${words.self}`,
    address: words.self,
    title: `The ${name} of ${words.name} is ${showValue(actual, words)}, not ${showValue(expected, words)} as expected`,
    facts: { value: name, actual, expected },
    evidence: 'hard',
    confidence: 'high',
    group: groupOfUnexpected(name, words),
  }
}

/** Who can swap code or its keeper without a word has hidden it; other contracts may only have events of their own. */
function silentSeverity(kind: Kind): Severity | undefined {
  if (kind === 'upgrade' || kind === 'admin' || kind === 'code') return 'critical'
  return kind === 'pause' ? 'medium' : undefined
}

function silentTitle({ name, from, to }: Change, words: Words, silence: string): string {
  const { kind, label } = labels[name]
  if (name === 'beaconImplementation') {
    // The beacon tells of it, if anybody does, and its logs are not watched here.
    return `${label} of ${words.name} changed from ${showValue(from, words)} to ${showValue(to, words)}`
  }
  if (to === none) return `${name} of ${words.name} does not answer any more, ${silence}`
  if (kind === 'pause') return `${words.name} is ${to === 'true' ? 'paused' : 'unpaused'} now, ${silence}`
  if (kind !== 'code') {
    return `${label} of ${words.name} changed from ${showValue(from, words)} to ${showValue(to, words)}, ${silence}`
  }
  if (to === 'empty') return `${label} of ${words.name} is gone`
  const delegate = /^delegated to (0x[0-9a-f]{40})$/.exec(to)?.[1] as Address | undefined
  if (delegate) return `${words.name} lets the code of ${words.show(delegate)} act in its name (ERC-7702)`
  return `${label} of ${words.name} changed to the hash ${to.slice(0, 10)}…, ${silence}`
}

function showValue(value: string, { show }: Words): string {
  if (isSet(value)) return show(value)
  return /^0x0+$/.test(value) ? 'nothing' : value.slice(0, 80)
}

function who(transaction: Transaction | undefined) {
  if (!transaction) return {}
  return { sender: transaction.from, calledContract: transaction.to, calledFunction: transaction.input.slice(0, 10) }
}
