import type { AbiFunction } from 'viem'
import { parseAbiItem, toFunctionSelector } from 'viem/utils'
import { type CompiledFunction, compileFunction } from '../../evm/abi/compileFunction.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Value } from '../../evm/abi/value.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { type Instruction, selectorOf } from './instruction.ts'
import { splitMultiSend } from './splitMultiSend.ts'

/** What one wrapper may hold. */
export const partsMax = 128

type Part = Pick<Instruction, 'to' | 'data'> & Partial<Instruction>
/** `part(values, outer)`: the calls that a function makes for whoever calls it. */
type Wrapper = { compiled: CompiledFunction; parts(values: readonly Value[], outer: Instruction): Part[] }

function wrapper<Values extends readonly Value[]>(
  signature: string,
  parts: (values: Values, outer: Instruction) => Part[],
): Wrapper {
  const compiled = compileFunction(parseAbiItem(signature) as AbiFunction)
  return { compiled, parts: parts as unknown as Wrapper['parts'] }
}

const wayOf = (operation: bigint | number): Instruction['way'] => (BigInt(operation) === 1n ? 'delegatecall' : 'call')

/** The lists of a batch, which must be of one length. @throws {UndecodableError} */
function zip(targets: readonly string[], values: readonly bigint[], datas: readonly string[]): Part[] {
  if (targets.length !== datas.length || targets.length !== values.length) {
    throw new UndecodableError('The lists of the batch are not of one length.')
  }
  return targets.map((to, index) => ({ to: to as Address, value: values[index]!, data: datas[index] as Hex }))
}

const wrappers: ReadonlyMap<Hex, Wrapper> = new Map(
  [
    // Safe.
    wrapper<[string]>('function multiSend(bytes transactions)', ([packed], { by, to, way }) =>
      splitMultiSend(packed, partsMax).map(({ operation, ...part }) => ({
        ...part,
        by: way === 'delegatecall' ? by : to,
        way: wayOf(operation),
      })),
    ),
    wrapper<[Address, bigint, Hex, bigint]>(
      'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
      ([to, value, data, operation]) => [{ to, value, data, way: wayOf(operation) }],
    ),
    ...['execTransactionFromModule', 'execTransactionFromModuleReturnData'].map((name) =>
      wrapper<[Address, bigint, Hex, bigint]>(
        `function ${name}(address to, uint256 value, bytes data, uint8 operation)`,
        ([to, value, data, operation]) => [{ to, value, data, way: wayOf(operation) }],
      ),
    ),

    // Contracts that call themselves, in the name of whoever called them.
    wrapper<[Hex[]]>('function multicall(bytes[] data)', ([datas], { by, to }) =>
      datas.map((data) => ({ by, to, data })),
    ),
    wrapper<[bigint, Hex[]]>('function multicall(uint256 deadline, bytes[] data)', ([, datas], { by, to }) =>
      datas.map((data) => ({ by, to, data })),
    ),

    // Multicall2 and Multicall3.
    wrapper<[[Address, Hex][]]>('function aggregate((address target, bytes data)[] calls)', ([calls]) =>
      calls.map(([to, data]) => ({ to, data })),
    ),
    wrapper<[boolean, [Address, Hex][]]>(
      'function tryAggregate(bool requireSuccess, (address target, bytes data)[] calls)',
      ([, calls]) => calls.map(([to, data]) => ({ to, data })),
    ),
    wrapper<[[Address, boolean, Hex][]]>(
      'function aggregate3((address target, bool allow, bytes data)[] calls)',
      ([calls]) => calls.map(([to, , data]) => ({ to, data })),
    ),
    wrapper<[[Address, boolean, bigint, Hex][]]>(
      'function aggregate3Value((address target, bool allow, uint256 value, bytes data)[] calls)',
      ([calls]) => calls.map(([to, , value, data]) => ({ to, value, data })),
    ),

    // OpenZeppelin: TimelockController, Governor, AccessManager (and DSProxy, whose execute is written the same).
    wrapper<[Address, bigint, Hex]>(
      'function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)',
      ([to, value, data]) => [{ to, value, data }],
    ),
    wrapper<[Address[], bigint[], Hex[]]>(
      'function scheduleBatch(address[] targets, uint256[] values, bytes[] datas, bytes32 predecessor, bytes32 salt, uint256 delay)',
      ([targets, values, datas]) => zip(targets, values, datas),
    ),
    wrapper<[Address, bigint, Hex]>(
      'function execute(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt)',
      ([to, value, data]) => [{ to, value, data }],
    ),
    wrapper<[Address[], bigint[], Hex[]]>(
      'function executeBatch(address[] targets, uint256[] values, bytes[] datas, bytes32 predecessor, bytes32 salt)',
      ([targets, values, datas]) => zip(targets, values, datas),
    ),
    wrapper<[Address, bigint, Hex]>(
      'function relay(address target, uint256 value, bytes data)',
      ([to, value, data]) => [{ to, value, data }],
    ),
    wrapper<[Address, Hex]>('function execute(address target, bytes data)', ([to, data]) => [{ to, data }]),
    wrapper<[Address, Hex]>('function schedule(address target, bytes data, uint48 when)', ([to, data]) => [
      { to, data },
    ]),

    // Compound.
    ...['queueTransaction', 'executeTransaction'].map((name) =>
      wrapper<[Address, bigint, string, Hex]>(
        `function ${name}(address target, uint256 value, string signature, bytes data, uint256 eta)`,
        ([to, value, signature, data]) => [{ to, value, data: withSignature(signature, data) }],
      ),
    ),

    // What a proxy runs right after it got new code, in its own name.
    wrapper<[Address, Hex]>('function upgradeToAndCall(address implementation, bytes data)', ([, data], { by, to }) =>
      data === '0x' ? [] : [{ by, to, data }],
    ),
    wrapper<[Address, Address, Hex]>(
      'function upgradeAndCall(address proxy, address implementation, bytes data)',
      ([proxy, , data], { to }) => (data === '0x' ? [] : [{ by: to, to: proxy, data }]),
    ),
  ].map((each) => [each.compiled.selector, each]),
)

/** Compound writes the function as text, and the arguments without its selector. */
export function withSignature(signature: string, data: Hex): Hex {
  if (signature === '') return data
  const selector = /^[A-Za-z_$][\w$]{0,127}\([\w,()[\]]{0,1000}\)$/.test(signature) ? selectorOfText(signature) : null
  if (!selector) throw new UndecodableError('The signature of the call is none.')
  return `${selector}${data.slice(2)}`
}

function selectorOfText(signature: string): Hex | null {
  try {
    return toFunctionSelector(signature)
  } catch {
    return null
  }
}

/**
 * The calls inside one call, or none where it is no wrapper that is known.
 * @throws {UndecodableError} It is one, and what it holds cannot be read.
 */
export function partsOf(outer: Instruction): Instruction[] {
  const found = wrappers.get(selectorOf(outer))
  if (!found) return []
  const { compiled, parts } = found
  return parts(compiled.decode(outer.data), outer).map((part) => ({
    by: outer.to,
    value: 0n,
    way: 'call',
    ...part,
    inside: [...outer.inside, compiled.name],
  }))
}
