import { groupDigits } from '../../../lib/factWords.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { scheduleOf, type TimelockExecution } from '../../timelocks/timelockExecutions.ts'
import type { GovernanceEventName, GovernanceLog } from './governanceLogs.ts'

/** Rules that a number stands for: a smaller one lets decisions pass sooner or with fewer votes. */
const numbers: Partial<Record<GovernanceEventName, string>> = {
  minDelay: 'Delay',
  quorum: 'Quorum numerator',
  threshold: 'Votes needed to propose',
  period: 'Voting period',
  delay: 'Voting delay',
}

/** How decisions are made and how long they take. What the governor or its timelock decided itself has been told of before. */
export function claimRules(
  { observation, show }: { observation: Observation; show(address: Address): string },
  { name, log, values }: GovernanceLog,
  { told, executions }: { told: readonly GovernanceLog[]; executions: readonly TimelockExecution[] },
): Claim[] {
  const change = changeOf(name, values, show)
  // A contract tells of its first rules when it is created.
  if (!change || change.old === '0') return []
  const decision = decided(log, observation, told, executions)
  const severity = decision === null && change.isGrave ? 'high' : 'medium'
  return [
    {
      key: `rules ${name} ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address: log.address,
      title: `${change.label} of ${show(log.address)} ${change.words}`,
      facts: {
        rule: name,
        ...(change.old !== null && { old: change.old }),
        new: change.to,
        ...(decision && { planned: decision }),
        sender: observation.block.transactions[log.transactionIndex]?.from ?? null,
      } satisfies Record<string, Json>,
      evidence: 'hard',
      confidence: 'high',
      severity,
      group: `governance rules ${log.address}`,
    },
  ]
}

const counted = (number: bigint): string => groupDigits(number.toString())

type Change = { label: string; words: string; old: string | null; to: string; isGrave: boolean }

function changeOf(
  name: GovernanceEventName,
  values: GovernanceLog['values'],
  show: (address: Address) => string,
): Change | null {
  const label = numbers[name]
  if (label) {
    const [old, to] = values as [bigint, bigint]
    if (old === to) return null
    return {
      label,
      words: `changed from ${counted(old)} to ${counted(to)}`,
      old: old.toString(),
      to: to.toString(),
      isGrave: to < old,
    }
  }
  if (name === 'newDelay') {
    const to = String(values[0])
    return { label: 'Delay', words: `changed to ${groupDigits(to)}`, old: null, to, isGrave: true }
  }
  if (name === 'timelock') {
    const [old, to] = values as [Address, Address]
    return {
      label: 'Timelock',
      words: `changed from ${show(old)} to ${show(to)}`,
      old: BigInt(old) === 0n ? '0' : old,
      to,
      isGrave: true,
    }
  }
  if (name !== 'newAdmin' && name !== 'newPendingAdmin') return null
  const to = values[0] as Address
  const admin = name === 'newAdmin' ? 'Admin' : 'Next admin'
  return { label: admin, words: `is ${show(to)} now`, old: null, to, isGrave: true }
}

/** How a change was decided, where it was: by an operation that a timelock had scheduled, or by a proposal that was voted on. */
function decided(
  log: GovernanceLog['log'],
  observation: Observation,
  told: readonly GovernanceLog[],
  executions: readonly TimelockExecution[],
): string | null {
  const digits = log.address.slice(2)
  const operation = executions.find((each) => {
    if (each.log.transactionIndex !== log.transactionIndex || each.log.position < log.position) return false
    const schedule = scheduleOf(each, observation)
    if (schedule.state !== 'scheduled' || schedule.delaySeconds === 0) return false
    return unfoldCalls([each.call]).calls.some(({ to, data }) => to === log.address || data.includes(digits))
  })
  if (operation) return `operation ${operation.id} of ${operation.timelock}, which had been scheduled`
  const proposal = told.find(
    (other) =>
      other.name === 'proposalExecuted' &&
      other.log.address === log.address &&
      other.log.transactionIndex === log.transactionIndex,
  )
  return proposal ? `proposal ${String(proposal.values[0])}, which had been voted on` : null
}
