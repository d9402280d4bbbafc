import { strangersText } from '../../../lib/strangersText.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim, Json, Measured } from '../../../model/finding.ts'
import { compareSeverity, type Severity } from '../../../model/severity.ts'
import { describeCall } from '../../calls/describeCall.ts'
import type { Order } from './orders.ts'
import { concernedBy, type Risk, type Weighing } from './risk.ts'

const factsMax = 16
const descriptionMax = 300
/** Contracts for which a grave order is told of, besides the governor or timelock. */
const concernedMax = 3

export const groupOf = ({ kind, at, id }: Pick<Order, 'kind' | 'at' | 'id'>) => `governance ${kind} ${at} ${id}`
export const measuredRisk = (score: number): Measured => ({ limit: ['highFrom'], value: score })
export const shortId = (id: string) => (id.length > 12 ? `${id.slice(0, 10)}…` : id)

/** What was proposed or scheduled, by how grave it is. One that pages somebody is told of for each contract that it concerns. */
export function claimOrder(
  order: Order,
  risk: Risk,
  { severity, quorum, weighing }: { severity: Severity; quorum: bigint | null; weighing: Weighing },
): Claim[] {
  const { show, names } = weighing
  const concerned = compareSeverity(severity, 'high') < 0 ? [] : concernedBy(order, names).slice(0, concernedMax)
  const facts = { ...factsOf(order, risk, show), ...(order.vote && quorum !== null && { quorum: quorum.toString() }) }
  return [...new Set([order.at, ...concerned])].map((address) => ({
    key: `${order.kind} ${order.at} ${order.log.position}${address === order.at ? '' : ` ${address}`}`,
    transactionHash: order.log.transactionHash,
    logIndex: order.log.logIndex,
    address,
    title: titleOf(order, risk, show),
    facts,
    evidence: 'soft',
    confidence: 'medium',
    severity,
    ...(compareSeverity(severity, 'high') >= 0 && { measured: measuredRisk(risk.score) }),
    group: groupOf(order),
  }))
}

function titleOf(order: Order, { score, reasons }: Risk, show: (address: Address) => string): string {
  const { kind, at, id, calls, readyAt } = order
  const what =
    kind === 'proposal'
      ? `Proposal ${shortId(id)} of ${show(at)}`
      : `Operation ${shortId(id)}, scheduled in ${show(at)} and executable from ${momentOf(readyAt)}`
  const worst = reasons.toSorted((a, b) => b.points - a.points)[0]
  if (!worst) return `${what}: nothing grave is known of its ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`
  return `${what} (risk ${score}): ${worst.why}`
}

export function momentOf(seconds: bigint | null): string {
  // The greatest time that a date can hold: 100 million days.
  if (seconds === null || seconds > 8_640_000_000_000n) return 'some day'
  return new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, 'Z')
}

function factsOf(order: Order, { score, reasons }: Risk, show: (address: Address) => string): Record<string, Json> {
  const { calls, vote, readyAt, description, proposer, id, unread } = order
  return {
    id,
    score: score.toString(),
    reasons: reasons.map(({ points, why }) => `${points}: ${why}`),
    calls: calls.slice(0, factsMax).map((call) => describeCall(call, show)),
    callCount: calls.length.toString(),
    proposer,
    ...(unread.length > 0 && { unread: unread.slice(0, factsMax) }),
    ...(description !== null && { description: strangersText(description, descriptionMax) }),
    ...(vote && { voteStart: vote.start.toString(), voteEnd: vote.end.toString() }),
    // It can be cancelled until then.
    ...(readyAt !== null && { executableFrom: readyAt.toString() }),
  }
}
