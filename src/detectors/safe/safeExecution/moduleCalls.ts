import type { AbiFunction } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { compileFunction } from '../../../evm/abi/compileFunction.ts'
import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Call, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { SafeLog } from './safeLogs.ts'

/** What a module made a Safe do. `log`: the ExecutionFromModuleSuccess or -Failure that ends it. */
export type ModuleCall = { log: Log; succeeded: boolean; to: Address; value: bigint; data: Hex; operation: bigint }

const functions = ['execTransactionFromModule', 'execTransactionFromModuleReturnData'].map((name) =>
  compileFunction(
    parseAbiItem(`function ${name}(address to, uint256 value, bytes data, uint8 operation)`) as AbiFunction,
  ),
)

type Content = [module: Address, to: Address, value: bigint, data: Hex, operation: bigint]

/**
 * What modules did, as far as it can be seen: from what SafeL2 tells, or from traces. The calls of one module in one
 * transaction end in the order in which they were made.
 */
export function moduleCallsOf(
  safe: Contract,
  told: readonly SafeLog[],
  view: Pick<Observation, 'outcomes'>,
): ModuleCall[] {
  const ended = logsNamed(told, 'moduleSuccess', 'moduleFailure')
  const used = new Map<string, number>()
  return ended.flatMap(({ name, log, values }): ModuleCall[] => {
    const [module] = values
    const place = `${log.transactionIndex} ${module}`
    const number = used.get(place) ?? 0
    used.set(place, number + 1)
    const content = contentsOf(safe, told, view, log.transactionIndex).filter(([by]) => by === module)[number]
    if (!content) return []
    const [, to, value, data, operation] = content
    return [{ log, succeeded: name === 'moduleSuccess', to, value, data, operation }]
  })
}

function contentsOf(
  safe: Contract,
  told: readonly SafeLog[],
  { outcomes }: Pick<Observation, 'outcomes'>,
  index: number,
): Content[] {
  const own = logsNamed(told, 'byModule').filter(({ log }) => log.transactionIndex === index)
  if (own.length > 0) return own.map(({ values }) => values)
  const calls = outcomes.find(({ transaction }) => transaction.index === index)?.calls ?? []
  return calls
    .filter(({ to, kind, reverted }) => to === safe.address && kind === 'call' && !reverted)
    .flatMap(contentOf)
}

function contentOf({ from, input }: Call): Content[] {
  const called = functions.find(({ selector }) => input.startsWith(selector))
  if (!called) return []
  try {
    const [to, value, data, operation] = called.decode(input) as [Address, bigint, Hex, bigint]
    return [[from, to, value, data, operation]]
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return []
  }
}
