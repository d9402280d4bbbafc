import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { describeCall } from '../../calls/describeCall.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import type { Execution } from './executionsOf.ts'
import { isLibraryCode, isPublished } from './libraries.ts'
import type { Allowed } from './options.ts'

/** What an execution makes the Safe do: all calls that its calldata leads to. */
export type Done = { log: Log; succeeded: boolean; calls: Instruction[]; unread: string[] }

const factsMax = 16
/** Libraries whose code is read in one block. */
const codesMax = 32

export function unfoldExecution(safe: Contract, { log, succeeded, signed }: Execution): Done | null {
  return signed && unfoldAs(safe, { ...signed, log, succeeded })
}

export function unfoldAs(
  safe: Contract,
  what: { log: Log; succeeded: boolean; to: Address; value: bigint; data: Hex; operation: bigint },
): Done {
  const { to, value, data, operation, log, succeeded } = what
  const way = operation === 1n ? 'delegatecall' : 'call'
  return { log, succeeded, ...unfoldCalls([{ by: safe.address, to, value, data, way, inside: [] }]) }
}

/** Code that runs as the Safe itself, as far as it is not allowed by its address. */
const foreignOf = (safe: Contract, calls: readonly Instruction[], { delegatecalls }: Allowed) =>
  calls.filter(
    ({ way, by, to }) => way === 'delegatecall' && by === safe.address && !isPublished(to) && !delegatecalls.has(to),
  )

/** Of the block before: code that came in the same block is none that anybody has looked at. */
const codeRead = (of: Address): Read => ({ kind: 'code', of, at: 'parent' })

export function readsOfCode(safe: Contract, calls: readonly Instruction[], allowed: Allowed): Read[] {
  const targets = new Set(foreignOf(safe, calls, allowed).map(({ to }) => to))
  return [...targets].slice(0, codesMax).map(codeRead)
}

type Judging = {
  safe: Contract
  observation: Observation
  allowed: Allowed
  show(address: Address): string
}

/** Code of strangers that ran in the name of the Safe: it can do everything, whatever the owners believed to sign. */
export function claimDelegatecalls({ safe, observation, allowed, show }: Judging, done: Done): Claim[] {
  const foreign = foreignOf(safe, done.calls, allowed).filter(({ to }) => {
    const code = observation.state(codeRead(to))
    return !(code.ok && isLibraryCode(code.data, to))
  })
  const [first] = foreign
  if (!first) return []
  const more = foreign.length > 1 ? ` and of ${foreign.length - 1} more` : ''
  const hidden = first.inside.length > 0 ? ', hidden in a batch' : ''
  return [
    {
      ...placeOf(safe, 'delegatecall', done.log),
      title: done.succeeded
        ? `${safe.name} ran the code of ${show(first.to)}${more} as its own (delegatecall)${hidden}`
        : `${safe.name} was to run the code of ${show(first.to)}${more} as its own (delegatecall)${hidden}, and failed`,
      facts: {
        codeOf: first.to,
        delegatecalls: foreign.slice(0, factsMax).map(({ to }) => to),
        ...callFacts(done, show),
        ...senderFacts(observation, done.log),
      },
      evidence: done.succeeded ? 'hard' : 'soft',
      severity: done.succeeded ? 'critical' : 'high',
    },
  ]
}

/** A batch that changes who decides among other things: easily overlooked by those who sign it. */
export function claimSettings({ safe, observation, show }: Judging, done: Done): Claim[] {
  const hidden = done.calls.filter(
    ({ to, by, data, inside }) =>
      to === safe.address && by === safe.address && data !== '0x' && inside.includes('multiSend'),
  )
  if (hidden.length === 0 || !done.succeeded) return []
  return [
    {
      ...placeOf(safe, 'settings', done.log),
      title: `${safe.name} changed its own settings within a batch of ${done.calls.length - 1} calls`,
      facts: {
        settings: hidden.slice(0, factsMax).map((call) => describeCall(call, show)),
        ...callFacts(done, show),
        ...senderFacts(observation, done.log),
      },
      evidence: 'hard',
      severity: 'medium',
    },
  ]
}

const zero = `0x${'0'.repeat(40)}`

export function claimRefund(
  { safe, allowed, show }: Judging,
  { signed, payment, transaction, log }: Execution,
): Claim[] {
  if (!signed || payment === 0n) return []
  const { refundReceiver, gasToken, gasPrice } = signed
  const isUsual =
    refundReceiver === zero || refundReceiver === transaction.from || allowed.refundReceivers.has(refundReceiver)
  if (isUsual) return []
  return [
    {
      ...placeOf(safe, 'refund', log),
      title: `${safe.name} paid ${payment} base units for gas to ${show(refundReceiver)}, who did not send the transaction`,
      facts: {
        refundReceiver,
        gasToken,
        gasPrice: gasPrice.toString(),
        payment: payment.toString(),
        sender: transaction.from,
      },
      evidence: 'hard',
      severity: 'medium',
    },
  ]
}

export function claimUnannounced({ safe, allowed, show }: Judging, execution: Execution, done: Done | null): Claim[] {
  const { safeTxHash, log, transaction, proven } = execution
  if (!allowed.announced || allowed.announced.has(safeTxHash)) return []
  return [
    {
      ...placeOf(safe, 'unannounced', log),
      title: `${safe.name} executed ${safeTxHash.slice(0, 10)}…, which nobody announced`,
      facts: {
        safeTxHash,
        hashProven: proven,
        succeeded: execution.succeeded,
        sender: transaction.from,
        ...(done && callFacts(done, show)),
      },
      evidence: 'hard',
      severity: 'high',
    },
  ]
}

export function placeOf(safe: Contract, what: string, log: Log) {
  return {
    key: `${what} ${safe.address} ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: safe.address,
    confidence: 'high' as const,
    group: `safe ${what} ${safe.address}`,
  }
}

export function callFacts({ calls }: Done, show: (address: Address) => string): Record<string, Json> {
  return { calls: calls.slice(0, factsMax).map((call) => describeCall(call, show)), callCount: calls.length.toString() }
}

export function senderFacts({ block }: Observation, log: Log): Record<string, Json> {
  const sender = block.transactions[log.transactionIndex]
  return sender ? { sender: sender.from, calledContract: sender.to } : {}
}
