import { isDeepStrictEqual } from 'node:util'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { hasActed } from '../hasActed.ts'
import { reasonList } from '../reasonList.ts'
import { addressShower } from '../showAddress.ts'
import { tokenBook } from '../tokens/tokenBook.ts'
import { isToken } from '../tokens/tokenOption.ts'
import { resolvePlace } from './governance/place.ts'
import { adjustedBy, adjustedIn, adjustTopic, readsOfAdjusted } from './paymentStream/adjusted.ts'
import { claimEnd, claimStream, groupOf, type Judged } from './paymentStream/claimStream.ts'
import { decisionOf, readsOfDecision } from './paymentStream/decided.ts'
import { claimHanded, readsOfHanded, transferTopic } from './paymentStream/handed.ts'
import { type PaymentStreamOptions, paymentStreamOptions } from './paymentStream/options.ts'
import {
  othersOf,
  type Recent,
  recentAsJson,
  recentIn,
  recentKey,
  withinWeek,
  withStream,
} from './paymentStream/recent.ts'
import { readsOfStake, stakeOf } from './paymentStream/stake.ts'
import type { StreamLog } from './paymentStream/streamForms.ts'
import { streamLogsOf, streamTopics } from './paymentStream/streamLogs.ts'

type View = Omit<Observation, 'state'>
type Book = ReturnType<typeof tokenBook>
type Known = Omit<Judged, 'others'>

export type StreamPlan = {
  options: PaymentStreamOptions
  payers: ReadonlyMap<Address, Contract>
  ours: ReadonlySet<Address>
  names: Assignment<PaymentStreamOptions>['names']
  /** Contracts that the config names, so that they are believed. */
  trusted: ReadonlySet<Address>
  /** Those of them that are tokens. */
  tokens: readonly Address[]
  streams: readonly Address[]
  known: ReadonlySet<Address>
  show(address: Address): string
}

/** Of one block; each asks a few questions. */
const streamsMax = 32

/**
 * Reads what contracts of payment streams tell of streams that ours pay: Sablier, LlamaPay, Superfluid.
 *
 * By size low or medium. The monitor's severity (high) has a large stream that neither a timelock nor signers of a Safe had
 * decided. What names ours and nothing bears out is low: anybody can write such an event.
 */
export const paymentStream = defineDetector<PaymentStreamOptions>({
  id: 'payment-stream',
  title: 'A stream that pays out much of a treasury',
  scenario:
    'A stolen key opens a stream to the thief. Nothing is transferred at that moment, and every second some of the treasury is theirs, until somebody wonders weeks later where it went.',
  signal:
    "From events of Sablier (the first, Lockup, Flow), LlamaPay and Superfluid that name a watched account as payer it computes what a new stream pays within `days`, or its deposit, in percent of what the payer holds. From `percent` it is `medium`, from `grave` it pages, unless a timelock of the config or the signers of a Safe had decided it; undecided streams of one week are added up. An event that neither the payer's doing nor a known token bears out is `low`.",
  response:
    'Ask who opened it. If nobody did on purpose: stop the stream with the account that may (see the facts), take back what has not flowed yet, and withdraw the key that opened it. What flowed already is claimed by withdrawals: tell the issuer of the token.',
  knownLimits: [
    'Streams of segments of Lockup 1.0 and distributions to many by Superfluid are not read.',
    'Whom a stream is handed on to, and another rate of Sablier Flow, is seen only where `streams` names the contract.',
    'What the signers of a Safe agreed to never pages, so that signers who were tricked get `medium`.',
    'A stream by a contract of another maker is not seen until it is paid out.',
    'Wages that a new treasurer opens with his own key, and that take a quarter of the treasury, page.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: paymentStreamOptions,
  when: 'none',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const plan = planOf(assignment)
    const { grave, percent } = plan.options
    return {
      limits: { grave, percent },
      notes:
        plan.streams.length > 0
          ? []
          : ['Streams that are handed on or get another rate are not seen without the option `streams`.'],
      learns: true,
      interests: [
        { kind: 'log', topics: [...streamTopics, transferTopic], accounts: [...plan.ours] },
        ...(plan.streams.length > 0
          ? [{ kind: 'log' as const, addresses: plan.streams, topics: [transferTopic, adjustTopic] satisfies Hex[] }]
          : []),
      ],
      reads: (view, memory) => readsOf(plan, view, tokenBook(memory)),
      detect(observation, memory) {
        const book = tokenBook(memory)
        const { memory: changed, ...rest } = judge(plan, observation, { book, memory })
        return { ...rest, memory: { ...changed, ...book.changes() } }
      },
    }
  },
})

function planOf(assignment: Assignment<PaymentStreamOptions>): StreamPlan {
  const { options, targets, names } = assignment
  const resolved = (texts: readonly string[]) => texts.map((text) => resolvePlace(text, assignment)!)
  const all = [...names.values()]
  const streams = resolved(options.streams)
  const ownAddresses = all.filter(({ role }) => role === 'protected').map(({ address }) => address)
  return {
    ...{ options, names, streams },
    payers: new Map(targets.map((target) => [target.address, target])),
    ours: new Set(targets.map(({ address }) => address)),
    trusted: new Set([...all.map(({ address }) => address), ...streams]),
    tokens: all.filter(isToken).map(({ address }) => address),
    known: new Set([...resolved(options.known), ...ownAddresses]),
    show: addressShower(names),
  }
}

const paidBy = ({ ours }: StreamPlan, told: readonly StreamLog[]) =>
  told.filter(({ act, payer }) => act !== 'ended' && ours.has(payer)).slice(0, streamsMax)

function readsOf(plan: StreamPlan, view: View, book: Book): Read[] {
  const { told } = streamLogsOf(view, plan.ours)
  // Who pays a stream that only got another rate is not known before it was asked.
  const adjusted = adjustedBy(plan, view.logs)
  return [
    ...[...paidBy(plan, told), ...adjusted].flatMap((stream) => [
      ...readsOfStake(stream, view, { named: plan.tokens, book }),
      ...readsOfDecision(stream, view, plan.names),
    ]),
    ...readsOfAdjusted(plan, view.logs),
    ...readsOfHanded(plan, view.logs),
  ]
}

function judge(plan: StreamPlan, observation: Observation, { book, memory }: { book: Book; memory: Memory }) {
  const { told, unread } = streamLogsOf(observation, plan.ours)
  const adjusted = adjustedIn(plan, observation)
  const paid = [...paidBy(plan, told), ...adjusted.streams]
  const blind = [...unread, ...adjusted.blind]
  const before = recentIn(memory)
  let recent = withinWeek(before, observation.block.timestamp)
  const opened = paid.flatMap((stream): Claim[] => {
    const judged = judgedOf(plan, stream, { observation, book, blind })
    const row = rowOf(stream, judged, observation)
    const others = row ? othersOf(recent, row) : { count: 0, amount: 0n }
    if (row) recent = withStream(recent, row)
    const claim = claimStream(stream, { ...judged, others })
    return claim ? [claim] : []
  })
  const endings = told.filter(({ act }) => act === 'ended')
  const ended = endings.slice(0, streamsMax).flatMap((stream): Claim[] => {
    const target = plan.payers.get(stream.payer) ?? plan.payers.get(stream.recipient!)
    return target
      ? [claimEnd(stream, target, { isTrusted: plan.trusted.has(stream.log.address), show: plan.show })]
      : []
  })
  if (told.length - endings.length > streamsMax || endings.length > streamsMax)
    blind.push(`More than ${streamsMax} streams in one block: not all of them are judged`)
  const handed = claimHanded(plan, observation)
  const isOver = (stream: StreamLog) => plan.ours.has(stream.payer) && isBelieved(plan, stream, observation)
  const cleared = endings.slice(0, streamsMax).filter(isOver).map(groupOf)
  const kept = recent.filter(({ group }) => !cleared.includes(group))
  return {
    memory: isDeepStrictEqual(kept, before) ? {} : { [recentKey]: recentAsJson(kept) },
    claims: [...opened, ...handed.claims, ...ended],
    cleared,
    blind: reasonList([...blind, ...handed.blind]),
  }
}

/** Null: it does not count towards what nobody had decided on. */
function rowOf(
  stream: StreamLog,
  { stake, decision, isCredible, isKnown }: Known,
  { block }: Observation,
): Recent | null {
  if (!stake || decision || !isCredible || isKnown) return null
  const { token, amount } = stake
  return { group: groupOf(stream), payer: stream.payer, token, amount: amount.toString(), at: block.timestamp }
}

/** It need not be true what a contract says of ours that nobody knows and that ours had nothing to do with. */
const isBelieved = ({ trusted }: StreamPlan, stream: StreamLog, view: View) =>
  trusted.has(stream.log.address) || hasActed(stream.payer, stream.log.transactionIndex, view)

function judgedOf(
  { payers, known, options, names, tokens, trusted, show }: StreamPlan,
  stream: StreamLog,
  { observation, book, blind }: { observation: Observation; book: Book; blind: string[] },
): Known {
  const target = payers.get(stream.payer)!
  const found = stakeOf(stream, observation, { named: tokens, book, days: options.days })
  const stake = 'blind' in found ? null : found
  const isTrusted = stake !== null && trusted.has(stake.token)
  const isBelievedAlone =
    trusted.has(stream.log.address) || hasActed(stream.payer, stream.log.transactionIndex, observation)
  if ('blind' in found && isBelievedAlone) {
    blind.push(`How much a stream of ${target.name} takes could not be told: ${found.blind}`)
  }
  const decision = decisionOf(stream, observation, names)
  return {
    ...{ target, stake, isTrusted, decision, options, show },
    isCredible: isBelievedAlone || decision !== null || (isTrusted && stake.isBorne),
    isKnown: stream.recipient !== null && known.has(stream.recipient),
  }
}
