import { toFunctionSelector } from 'viem/utils'
import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import type { Address, Log } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { groupOf, measuredRisk, shortId } from './claimOrders.ts'
import type { GovernanceLog } from './governanceLogs.ts'
import type { Gain, PowerRow } from './power.ts'
import type { ProposalRow } from './proposals.ts'
import { tallyRead } from './tally.ts'

export type Vote = { governor: Address; voter: Address; id: string; weight: bigint; log: Log }

/** Of one block. */
const votesMax = 128

export function votesOf(told: readonly GovernanceLog[]): Vote[] {
  const cast = logsNamed(told, 'voted', 'votedWithParams')
  return cast.slice(0, votesMax).map(({ log, values }) => {
    const [voter, id, , weight] = values
    return { governor: log.address, voter, id: id.toString(), weight, log }
  })
}

const votesRead = (votes: Address, voter: Address): Read => ({
  ...{ kind: 'call', at: 'block', to: votes },
  data: `${toFunctionSelector('getVotes(address)')}${'0'.repeat(24)}${voter.slice(2)}`,
})

/** Of whoever won votes lately, what is left of them. */
export function readsOfVotes(cast: readonly Vote[], votes: Address, power: readonly PowerRow[]): Read[] {
  return cast
    .filter(({ voter }) => power.some(({ delegate }) => delegate === voter))
    .map(({ voter }) => votesRead(votes, voter))
}

export const readsOfTallies = (cast: readonly Vote[], rows: readonly ProposalRow[], from: number): Read[] =>
  tallied(cast, rows, from).map(({ governor, id }) => tallyRead(governor, id))

function tallied(cast: readonly Vote[], rows: readonly ProposalRow[], from: number): Vote[] {
  const last = new Map(cast.map((vote) => [vote.id, vote]))
  return [...last.values()].filter(({ id }) => rows.some((row) => row.id === id && !row.quorate && row.score >= from))
}

type Judging = { observation: Observation; quorum: bigint; show(address: Address): string }

/** Votes that were got for this vote only: in the same transaction, or lent and given back already. */
export function claimVote(
  { observation, quorum, show }: Judging,
  vote: Vote,
  { votes, power, told }: { votes: Address; power: readonly PowerRow[]; told: readonly GovernanceLog[] },
): Claim[] {
  const { voter, weight, log, id, governor } = vote
  // A tenth of the quorum decides nothing, and is no reason to wake anybody.
  if (weight * 10n < quorum) return []
  const atOnce = told.some(
    (other) =>
      other.name === 'power' &&
      other.values[0] === voter &&
      other.log.transactionIndex === log.transactionIndex &&
      other.log.position < log.position &&
      other.values[2] > other.values[1],
  )
  const row = power.find(({ delegate }) => delegate === voter)
  const answer = row && observation.state(votesRead(votes, voter))
  const left = answer?.ok && answer.data.length === 66 ? BigInt(answer.data) : null
  const wasLent = row !== undefined && left !== null && left * 2n < weight && BigInt(row.peak) * 2n >= weight
  const isMuch = weight * 3n >= quorum
  if (!atOnce && !(wasLent && isMuch)) return []
  const share = (weight * 100n) / quorum
  return [
    {
      key: `vote ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: governor,
      title: atOnce
        ? `${show(voter)} voted with ${share} % of the quorum of ${show(governor)}, won in the same transaction`
        : `${show(voter)} voted with ${share} % of the quorum of ${show(governor)}, and no longer has those votes`,
      facts: { id, voter, weight: weight.toString(), quorum: quorum.toString(), votesLeft: left?.toString() ?? null },
      evidence: 'soft',
      confidence: 'high',
      severity: weight >= quorum ? 'critical' : 'high',
      group: groupOf({ kind: 'proposal', at: governor, id }),
    },
  ]
}

export function claimGain(
  { quorum, show }: Judging,
  votes: Address,
  governor: Address,
  { row, log, level }: Gain,
): Claim {
  return {
    key: `power ${log.position} ${level}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: governor,
    title: `${show(row.delegate)} won more than ${level} % of the quorum of ${show(governor)} within a week`,
    facts: { delegate: row.delegate, gained: row.gained, quorum: quorum.toString(), votes },
    evidence: 'soft',
    severity: 'medium',
    group: `governance power ${governor}`,
  }
}

/** Proposals of some risk that have now enough votes to pass, by their ids. `for` and `abstain` count. */
export function claimQuorate(
  { observation, quorum, show }: Judging,
  cast: readonly Vote[],
  rows: readonly ProposalRow[],
  { mediumFrom, highFrom }: { mediumFrom: number; highFrom: number },
): { claims: Claim[]; quorate: string[] } {
  const reached = tallied(cast, rows, mediumFrom).flatMap((vote): [Vote, bigint][] => {
    const answer = observation.state(tallyRead(vote.governor, vote.id))
    if (!answer.ok || answer.data.length !== 2 + 3 * 64) return []
    const votes = BigInt(`0x${answer.data.slice(66, 130)}`) + BigInt(`0x${answer.data.slice(130)}`)
    return votes >= quorum ? [[vote, votes]] : []
  })
  const claims = reached.map(([{ governor, id, log }, votes]): Claim => {
    const score = rows.find((row) => row.id === id)?.score ?? 0
    return {
      key: `quorate ${id}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: governor,
      title: `Proposal ${shortId(id)} of ${show(governor)} (risk ${score}) has reached its quorum`,
      facts: { id, score: score.toString(), votes: votes.toString(), quorum: quorum.toString() },
      evidence: 'soft',
      ...(score >= highFrom
        ? { severity: 'high' as const, measured: measuredRisk(score) }
        : { severity: 'medium' as const }),
      group: groupOf({ kind: 'proposal', at: governor, id }),
    }
  })
  return { claims, quorate: reached.map(([{ id }]) => id) }
}
