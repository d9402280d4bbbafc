import { encodeAbiParameters, keccak256, parseAbiParameters, toFunctionSelector } from 'viem/utils'
import { typedFunction } from '../../evm/abi/typedFunction.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log, Transaction } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { type Instruction, selectorOf } from '../calls/instruction.ts'
import { unfoldCalls } from '../calls/unfoldCalls.ts'
import { type TimelockExecution, timelockExecutions } from './timelockExecutions.ts'

/** `OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)` of OpenZeppelin's AccessManager. */
const executedTopic: Hex = '0x76a2a46953689d4861a5d3f6ed883ad7e6af674a21f8e162707159fc9dde614d'
const execute = typedFunction('function execute(address target, bytes data)')
const operation = parseAbiParameters('address caller, address target, bytes data')

type Operation = { caller: Address; target: Address; data: Hex; value: bigint }

/**
 * Calls that access managers say are made as they had been scheduled: before each call, and by its hash only. What it is
 * stands in the calldata of the transaction, or of what a timelock made in it; where it does not, nothing is known of it.
 */
export function managerExecutions(transaction: Transaction | undefined, logs: readonly Log[]): TimelockExecution[] {
  const told = logs.filter(({ topics }) => topics.length === 3 && topics[0] === executedTopic)
  if (told.length === 0 || !transaction) return []
  const operations = operationsIn(transaction, logs)
  return told.flatMap((log): TimelockExecution[] => {
    const id = log.topics[1]!
    const found = operations.get(id)
    if (!found) return []
    const { target, data, value } = found
    const { address: manager } = log
    const call: Instruction = { by: manager, to: target, value, data, way: 'call', inside: [] }
    return [{ kind: 'manager', timelock: manager, id, call, log, ...readsOf(manager, id, found) }]
  })
}

/** By the hash under which a manager knows them: what is called through a manager, or of a contract that asks one. */
function operationsIn({ from, to, value, input }: Transaction, logs: readonly Log[]): Map<Hex, Operation> {
  const root: Instruction[] = to === null ? [] : [{ by: from, to, value, data: input, way: 'call', inside: [] }]
  const { calls } = unfoldCalls([...root, ...timelockExecutions(logs).map(({ call }) => call)])
  const found = calls.flatMap((call) => [directly(call), through(call)]).filter((each) => each !== null)
  return new Map(found.map((each) => [idOf(each), each]))
}

const idOf = ({ caller, target, data }: Operation): Hex =>
  keccak256(encodeAbiParameters(operation, [caller, target, data]))

const directly = ({ by, to, data, value }: Instruction): Operation | null =>
  by && { caller: by, target: to, data, value }

function through(call: Instruction): Operation | null {
  if (!call.by || selectorOf(call) !== execute.selector) return null
  try {
    const [target, data] = execute.decode(call.data)
    return { caller: call.by, target, data, value: call.value }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return null
  }
}

const getSchedule = toFunctionSelector('getSchedule(bytes32)')
const canCall = toFunctionSelector('canCall(address,address,bytes4)')

/** When the manager would have let it be made, and after how long whoever makes it may do such a thing at all. */
function readsOf(
  manager: Address,
  id: Hex,
  { caller, target, data }: Operation,
): Pick<TimelockExecution, 'known' | 'delay'> {
  const ask = (call: string): Read => ({ kind: 'call', at: 'parent', to: manager, data: call as Hex })
  const [who, what] = [caller, target].map((address) => `${'0'.repeat(24)}${address.slice(2)}`)
  return {
    known: ask(`${getSchedule}${id.slice(2)}`),
    delay: ask(`${canCall}${who}${what}${data.slice(2, 10).padEnd(64, '0')}`),
  }
}
