import type { AbiFunction } from 'viem'
import { formatAbiItem } from 'viem/utils'
import { type CompiledFunction, compileFunction } from '../evm/abi/compileFunction.ts'
import { UndecodableError } from '../evm/abi/undecodableError.ts'
import type { Value } from '../evm/abi/value.ts'
import { plainText } from '../lib/plainText.ts'
import type { Address, Hex } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import { KnownError } from '../model/error.ts'
import type { Read } from '../model/read.ts'
import { type Checker, isWrong, reportWrong, type Typed, wrong } from './checker.ts'
import { itemsNamed, lackedBy, unknownItem } from './contractAbi.ts'
import { type Answer, type Evaluate, lift, type State, Undecidable } from './frame.ts'
import type { Span } from './ruleError.ts'
import { fits, settle } from './settle.ts'
import { fieldsOf, type Type, typeOf } from './type.ts'

const reasonMax = 200

/** `address.balance` */
export function checkBalance(checker: Checker, span: Span, of: Typed): Typed {
  const read = (address: Value): Read => ({ at: checker.at, kind: 'balance', of: address as Address })
  return stateOf(
    checker,
    span,
    { kind: 'integer' },
    [of],
    ([address]) => read(address!),
    (data) => BigInt(data),
  )
}

/** `$contract.view(arguments)`, or `view(arguments)` of the contract that the rule is compiled for. */
export function checkView(
  checker: Checker,
  span: Span,
  contract: Contract,
  { name, at }: { name: string; at: Span },
  args: readonly Typed[],
): Typed {
  if (isWrong(...args)) return wrong(span)
  const named = itemsNamed(contract, 'function', name)
  if (named.length === 0) {
    const { message, hint } = unknownItem(contract, 'function', name)
    return reportWrong(checker, at, message, hint)
  }
  const views = named.filter(isView)
  if (views.length === 0) {
    return reportWrong(
      checker,
      at,
      `\`${name}\` changes the state.`,
      'Only functions that the ABI calls view or pure can be read.',
    )
  }
  const lacking = lackedBy(contract, 'function', name)
  if (lacking) checker.notes.push(`\`${name}()\` is lacking in ${lacking}: while that runs, it cannot be read.`)
  const view = chooseOverload(checker, span, views, args)
  if (!view) return wrong(span)
  const compiled = compileFunction(view)
  const type: Type =
    view.outputs.length === 1 ? typeOf(view.outputs[0]!) : { kind: 'tuple', fields: fieldsOf(view.outputs) }
  const settled = args.map((arg, index) => settle(checker, arg, typeOf(view.inputs[index]!)))
  const fixed = encodeConstants(compiled, settled)
  if (fixed instanceof Undecidable) return reportWrong(checker, span, `${fixed.reason}.`)
  return stateOf(
    checker,
    span,
    type,
    settled,
    (values) => {
      const data = fixed ?? encode(compiled, values)
      return data instanceof Undecidable ? data : { at: checker.at, kind: 'call', to: contract.address, data }
    },
    (data) => {
      const values = compiled.decodeResult(data)
      return values.length === 1 ? values[0]! : values
    },
  )
}

/** Compilers before 0.5 say `constant` instead. */
function isView({ stateMutability, constant }: AbiFunction): boolean {
  return stateMutability === 'view' || stateMutability === 'pure' || constant === true
}

function chooseOverload(
  checker: Checker,
  span: Span,
  views: AbiFunction[],
  args: readonly Typed[],
): AbiFunction | null {
  const counted = views.filter(({ inputs }) => inputs.length === args.length)
  // With one candidate, `settle` says which argument does not fit.
  if (counted.length === 1) return counted[0]!
  const fitting = counted.filter(({ inputs }) => args.every((arg, index) => fits(arg, typeOf(inputs[index]!))))
  if (fitting.length === 1) return fitting[0]!
  const choices = views.map((view) => `\`${formatAbiItem(view)}\``).join(', ')
  const message =
    fitting.length > 1 ? 'More than one function takes these arguments' : 'No such function takes these arguments'
  reportWrong(checker, span, `${message}.`, `There is ${choices}.`)
  return null
}

/** A value that must be read. What is asked for may not itself depend on state: all is read at once. */
function stateOf(
  checker: Checker,
  { offset, length }: Span,
  type: Type,
  parts: readonly Typed[],
  readOf: (values: Value[]) => Read | Undecidable,
  decode: (data: Hex) => Answer,
): Typed {
  const nested = parts.find(({ readsState }) => readsState)
  if (nested) {
    return reportWrong(
      checker,
      nested,
      'What is read from the state cannot depend on other state.',
      'All state is read in one request.',
    )
  }
  if (isWrong(...parts)) return wrong({ offset, length })
  const text = checker.source.slice(offset, offset + length)
  const gather = lift(
    parts.map((part) => part.evaluate),
    (...values) => values,
  )
  const evaluate: Evaluate = (frame, state) => {
    const values = gather(frame, state)
    if (values instanceof Undecidable) return values
    const read = readOf(values as Value[])
    return read instanceof Undecidable ? read : answer(read, state, text, decode)
  }
  const typed: Typed = { offset, length, type, evaluate, readsState: true }
  checker.measured.push(typed)
  return typed
}

const notRead = new Undecidable('it has not been read yet')

function answer(read: Read, state: State, text: string, decode: (data: Hex) => Answer): Answer {
  const result = state(read)
  if (result === null) return notRead
  if (!result.ok) return new Undecidable(`${text} could not be read: ${plainText(result.reason, reasonMax)}`)
  try {
    return decode(result.data)
  } catch (error) {
    if (error instanceof UndecodableError)
      return new Undecidable(`${text} gave what its ABI does not say: ${error.message}`)
    if (error instanceof SyntaxError) return new Undecidable(`${text} gave no number`)
    throw error
  }
}

/** Null: the calldata depends on what happens. */
function encodeConstants(view: CompiledFunction, args: readonly Typed[]): Hex | Undecidable | null {
  const values = args.flatMap(({ constant }) =>
    constant === undefined || constant instanceof Undecidable ? [] : [constant],
  )
  return values.length === args.length ? encode(view, values) : null
}

function encode(view: CompiledFunction, values: Value[]): Hex | Undecidable {
  try {
    return view.encode(values)
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return new Undecidable(plainText(error.message, reasonMax).replace(/\.$/, ''))
  }
}
