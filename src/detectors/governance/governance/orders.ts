import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import { typedFunction } from '../../../evm/abi/typedFunction.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log, Transaction } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { withSignature } from '../../calls/wrappers.ts'
import type { GovernanceLog } from './governanceLogs.ts'

/** What somebody proposed to a governor, or scheduled in a timelock: calls that are not made yet. */
export type Order = {
  kind: 'proposal' | 'operation'
  /** The governor, the timelock or the access manager. */
  at: Address
  /** Decimal of a proposal, a hash of an operation. */
  id: string
  log: Log
  proposer: Address
  transaction: Transaction | undefined
  /** Unfolded. */
  calls: Instruction[]
  unread: string[]
  /** A stranger's words; null: none belong to it. */
  description: string | null
  /** Blocks or unix seconds, as its governor counts; null: of an operation. */
  vote: { start: bigint; end: bigint } | null
  /** Unix time from which it can be executed; null: that depends on the vote. */
  readyAt: bigint | null
}

/** Of one block. */
export const ordersMax = 16

const managedCall = typedFunction('function execute(address target, bytes data)')

type Executor = (at: Address) => Address

export function ordersOf(
  told: readonly GovernanceLog[],
  { block }: Pick<Observation, 'block'>,
  executorOf: Executor,
): Order[] {
  const ends = { timestamp: BigInt(block.timestamp), transactions: block.transactions }
  const proposals = logsNamed(told, 'proposed').map((each) => proposalOf(each, ends, executorOf))
  // Each call of a batch is told of for itself.
  const batches = Map.groupBy(
    logsNamed(told, 'scheduled'),
    ({ log, values }) => `${log.transactionIndex} ${log.address} ${values[0]}`,
  )
  const operations = [...batches.values()].map((batch) => operationOf(batch, ends))
  const queued = logsNamed(told, 'queued').map((each) => queuedOf(each, ends))
  const managed = logsNamed(told, 'managed').map((each) => managedOf(each, ends))
  return [...proposals, ...operations, ...queued, ...managed].slice(0, ordersMax)
}

type Ends = { timestamp: bigint; transactions: readonly Transaction[] }

function proposalOf({ log, values }: GovernanceLog<'proposed'>, { transactions }: Ends, executorOf: Executor): Order {
  const [id, proposer, targets, amounts, signatures, datas, start, end, description] = values
  const by = executorOf(log.address)
  const unread: string[] = []
  const roots = targets.flatMap((to, index): Instruction[] => {
    try {
      const data = withSignature(signatures[index] ?? '', datas[index] ?? '0x')
      return [{ by, to, value: amounts[index] ?? 0n, data, way: 'call', inside: [] }]
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      unread.push(error.message)
      return []
    }
  })
  const { calls, unread: folded } = unfoldCalls(roots)
  return {
    ...{ kind: 'proposal', at: log.address, id: id.toString(), log, proposer, calls, description },
    unread: [...unread, ...folded],
    transaction: transactions[log.transactionIndex],
    vote: { start, end },
    readyAt: null,
  }
}

function operationOf(batch: readonly GovernanceLog<'scheduled'>[], { timestamp, transactions }: Ends): Order {
  const { log } = batch[0]!
  const calls = batch.map(({ values }): Instruction => {
    const [, , to, value, data] = values
    return { by: log.address, to, value, data, way: 'call', inside: [] }
  })
  const [id, , , , , , delay] = batch[0]!.values
  return { ...plainOrder(log, id, transactions), ...unfoldCalls(calls), readyAt: timestamp + delay }
}

function queuedOf({ log, values }: GovernanceLog<'queued'>, { transactions }: Ends): Order {
  const [id, to, value, signature, data, eta] = values
  const plain = { ...plainOrder(log, id, transactions), readyAt: eta }
  try {
    const call: Instruction = {
      by: log.address,
      to,
      value,
      data: withSignature(signature, data),
      way: 'call',
      inside: [],
    }
    return { ...plain, ...unfoldCalls([call]) }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return { ...plain, calls: [], unread: [error.message] }
  }
}

/** Whoever scheduled it must make the call through the manager. */
function managedOf({ log, values }: GovernanceLog<'managed'>, { transactions }: Ends): Order {
  const [id, , readyAt, caller, target, data] = values
  const call: Instruction = {
    ...{ by: caller, to: log.address, value: 0n, data: managedCall.encode([target, data]) },
    ...{ way: 'call', inside: [] },
  }
  return { ...plainOrder(log, id, transactions), ...unfoldCalls([call]), proposer: caller, readyAt }
}

function plainOrder(log: Log, id: Hex, transactions: readonly Transaction[]) {
  const transaction = transactions[log.transactionIndex]
  const proposer: Address = transaction?.from ?? log.address
  return { kind: 'operation' as const, at: log.address, id, log, proposer, transaction, description: null, vote: null }
}
