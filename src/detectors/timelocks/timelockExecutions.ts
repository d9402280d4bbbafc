import type { AbiEvent } from 'viem'
import { parseAbiItem, toFunctionSelector } from 'viem/utils'
import { compileEvent } from '../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log } from '../../model/chain.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Instruction } from '../calls/instruction.ts'
import { withSignature } from '../calls/wrappers.ts'

/**
 * A call that a timelock says it made, after the call: of OpenZeppelin's TimelockController, or of Compound's Timelock. Or
 * one that an AccessManager says is about to be made (see `managerExecutions`).
 */
export type TimelockExecution = {
  kind: 'timelock' | 'manager'
  timelock: Address
  /** Of the operation, which may hold several calls. */
  id: Hex
  call: Instruction
  log: Log
  /** Asked of the timelock as it was before the block: what it knew of the operation, and the delay that it asked for. */
  known: Read
  delay: Read
}

/** `never`: the timelock did not know it before this block. `early`: its time had not come. Times in unix seconds. */
export type Schedule =
  | { state: 'scheduled'; readyAt: number | null; delaySeconds: number }
  | { state: 'never' | 'early'; delaySeconds: number | null }
  | { state: 'unknown'; reason: string }

const event = (signature: string) => compileEvent(parseAbiItem(signature) as AbiEvent)
const executed = event(
  'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
)
const executedByCompound = event(
  'event ExecuteTransaction(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)',
)
export const executionTopics: readonly Hex[] = [executed.topic0, executedByCompound.topic0]

const selector = {
  timestamp: 'getTimestamp(bytes32)',
  minDelay: 'getMinDelay()',
  queued: 'queuedTransactions(bytes32)',
  delay: 'delay()',
}
const ask = (to: Address, what: keyof typeof selector, argument: Hex = '0x'): Read => ({
  ...{ kind: 'call', at: 'parent', to },
  data: `${toFunctionSelector(selector[what])}${argument.slice(2)}`,
})

/** Of one block; more are not looked at, which whoever asks must take for unknown. */
const executionsMax = 128

/** What timelocks, whoever they are, say in some logs that they executed. Logs that only look so are left out. */
export function timelockExecutions(logs: readonly Log[]): TimelockExecution[] {
  const own = logs.filter(({ topics: [topic0] }) => topic0 && executionTopics.includes(topic0))
  return own.slice(0, executionsMax).flatMap((log) => {
    try {
      return [log.topics[0] === executed.topic0 ? ofOpenZeppelin(log) : ofCompound(log)]
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      return []
    }
  })
}

function ofOpenZeppelin(log: Log): TimelockExecution {
  const [id, , to, value, data] = executed.decode(log) as [Hex, bigint, Address, bigint, Hex]
  const { address: timelock } = log
  const call: Instruction = { by: timelock, to, value, data, way: 'call', inside: [] }
  const reads = { known: ask(timelock, 'timestamp', id), delay: ask(timelock, 'minDelay') }
  return { kind: 'timelock', timelock, id, call, log, ...reads }
}

function ofCompound(log: Log): TimelockExecution {
  const values = executedByCompound.decode(log) as [Hex, Address, bigint, string, Hex, bigint]
  const [id, to, value, signature, data] = values
  const { address: timelock } = log
  const call: Instruction = { by: timelock, to, value, data: withSignature(signature, data), way: 'call', inside: [] }
  const reads = { known: ask(timelock, 'queued', id), delay: ask(timelock, 'delay') }
  return { kind: 'timelock', timelock, id, call, log, ...reads }
}

/** What the timelock knew of an operation before the block in which it executed it. Its two reads must have been asked. */
export function scheduleOf({ kind, known, delay, log }: TimelockExecution, observation: Observation): Schedule {
  const [answer, wait] = [observation.state(known), observation.state(delay)]
  if (!answer.ok && !answer.reverted) return { state: 'unknown', reason: answer.reason }
  // A manager answers with whether the caller may at once, and after how long otherwise.
  const words = kind === 'manager' ? 2 : 1
  const delaySeconds =
    wait.ok && wait.data.length === 2 + words * 64 ? Number(BigInt(`0x${wait.data.slice(-64)}`)) : null
  if (!answer.ok || answer.data.length !== 66 || delaySeconds === null) {
    return { state: 'unknown', reason: 'the contract does not answer as a timelock does' }
  }
  const value = BigInt(answer.data)
  if (log.topics[0] === executedByCompound.topic0) {
    return value === 1n ? { state: 'scheduled', readyAt: null, delaySeconds } : { state: 'never', delaySeconds }
  }
  // 0: not known. 1: done already.
  if (value < 2n) return { state: 'never', delaySeconds }
  const readyAt = Number(value)
  return { state: readyAt <= observation.block.timestamp ? 'scheduled' : 'early', readyAt, delaySeconds }
}
