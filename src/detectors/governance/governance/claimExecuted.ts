import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { describeCall } from '../../calls/describeCall.ts'
import { scheduleOf, type TimelockExecution } from '../../timelocks/timelockExecutions.ts'
import { groupOf, shortId } from './claimOrders.ts'
import type { GovernanceLog } from './governanceLogs.ts'
import type { ProposalRow } from './proposals.ts'

type Judging = { observation: Observation; names: ReadonlyMap<string, Contract>; show(address: Address): string }

/** An operation that the timelock executed without having known it, or before its time: its delay was got round. */
export function claimBypass(
  { observation, names, show }: Judging,
  execution: TimelockExecution,
): { claims: Claim[]; blind: string[] } {
  const { timelock, id, call, log } = execution
  const schedule = scheduleOf(execution, observation)
  if (schedule.state === 'scheduled') return { claims: [], blind: [] }
  if (schedule.state === 'unknown') {
    const why = `Whether ${show(timelock)} had scheduled operation ${shortId(id)} could not be read: ${schedule.reason}`
    return { claims: [], blind: [why] }
  }
  const ours = [...names.values()].find(({ address, role }) => address === call.to && role === 'protected')
  const how = schedule.state === 'never' ? 'which had not been scheduled before' : 'before its time had come'
  const claims = [...new Set([timelock, ...(ours ? [ours.address] : [])])].map(
    (address): Claim => ({
      key: `bypass ${log.position} ${address}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address,
      title: `${show(timelock)} executed operation ${shortId(id)}, ${how}`,
      facts: {
        id,
        call: describeCall(call, show),
        delaySeconds: schedule.delaySeconds,
        sender: observation.block.transactions[log.transactionIndex]?.from ?? null,
      },
      evidence: 'hard',
      confidence: 'high',
      // Without a delay, scheduling and executing at once is what the timelock is for.
      severity: schedule.delaySeconds === 0 ? 'medium' : 'critical',
      group: groupOf({ kind: 'operation', at: timelock, id }),
    }),
  )
  return { claims, blind: [] }
}

/** A proposal that was executed in the block in which it was made, or while people could still vote on it. */
export function claimHaste(
  { observation, show }: Judging,
  { log, values }: GovernanceLog,
  told: readonly GovernanceLog[],
  known: ProposalRow | undefined,
): Claim[] {
  const id = String(values[0])
  const isFresh = told.some(
    (other) => other.name === 'proposed' && other.log.address === log.address && String(other.values[0]) === id,
  )
  const isOpen = known !== undefined && BigInt(known.end) > clockOf(BigInt(known.end), observation)
  if (!isFresh && !isOpen) return []
  return [
    {
      key: `haste ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: log.address,
      title: isFresh
        ? `Proposal ${shortId(id)} of ${show(log.address)} was made and executed in one block`
        : `Proposal ${shortId(id)} of ${show(log.address)} was executed before its vote had ended`,
      facts: {
        id,
        voteEnd: known?.end ?? null,
        sender: observation.block.transactions[log.transactionIndex]?.from ?? null,
      },
      evidence: 'hard',
      confidence: 'high',
      severity: 'critical',
      group: groupOf({ kind: 'proposal', at: log.address, id }),
    },
  ]
}

/** Governors count in blocks or in unix seconds; no chain has had a billion blocks. */
const clockOf = (moment: bigint, { block }: Observation) =>
  BigInt(moment > 1_000_000_000n ? block.timestamp : block.number)
