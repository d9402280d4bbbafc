import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { signedTopic } from '../../hasActed.ts'
import { scheduleOf, type TimelockExecution, timelockExecutions } from '../../timelocks/timelockExecutions.ts'
import type { StreamLog } from './streamForms.ts'

type View = Pick<Observation, 'block'>
type Names = ReadonlyMap<string, Contract>

const executionsMax = 16

const logsBeside = ({ log }: StreamLog, { block }: View) => block.receipts?.[log.transactionIndex]?.logs ?? []

/** What timelocks that are ours, or that the config calls so, executed in the transaction after the stream was told of. */
function executionsOf(stream: StreamLog, view: View, names: Names): TimelockExecution[] {
  const known = new Set(
    [...names.values()]
      .filter(({ role, kind }) => role === 'protected' || kind === 'timelock')
      .map((each) => each.address),
  )
  return timelockExecutions(logsBeside(stream, view))
    .filter(({ timelock, log }) => known.has(timelock) && stream.log.position < log.position)
    .slice(0, executionsMax)
}

export const readsOfDecision = (stream: StreamLog, view: View, names: Names): Read[] =>
  executionsOf(stream, view, names).flatMap(({ known, delay }) => [known, delay])

/**
 * By whom a stream had been decided before anybody could open it, in words: an operation that waited in a timelock, or
 * signers of the Safe that pays or of one that the config names, of a call that names who is paid. Null: by nobody known.
 */
export function decisionOf(stream: StreamLog, observation: Observation, names: Names): string | null {
  const { payer, recipient, log, streamId } = stream
  const digits = recipient?.slice(2) ?? (streamId ? BigInt(streamId).toString(16).padStart(64, '0') : null)
  if (!digits) return null
  for (const execution of executionsOf(stream, observation, names)) {
    const schedule = scheduleOf(execution, observation)
    if (schedule.state !== 'scheduled' || schedule.delaySeconds === 0) continue
    if (!unfoldCalls([execution.call]).calls.some(({ data }) => data.includes(digits))) continue
    return `it had been scheduled in the timelock ${execution.timelock}, which asks for ${schedule.delaySeconds} s`
  }
  const safes = new Set([...names.values()].filter(({ kind }) => kind === 'safe').map(({ address }) => address))
  const done = logsBeside(stream, observation).find(
    ({ address, topics, position }) =>
      (address === payer || safes.has(address)) && topics[0] === signedTopic && log.position < position,
  )
  const isNamed = observation.block.transactions[log.transactionIndex]?.input.includes(digits) === true
  return done && isNamed ? `signers of the Safe ${done.address} agreed to it` : null
}
