import { keccak256, stringToHex } from 'viem/utils'
import type { Value } from '../evm/abi/value.ts'
import { type Checker, combine, constantOf, isWrong, reportWrong, type Typed, wrong } from './checker.ts'
import { bounded } from './checkOperator.ts'
import { boundedText } from './checkText.ts'
import { type Answer, lift, Undecidable } from './frame.ts'
import type { Span } from './ruleError.ts'
import { fits, settle } from './settle.ts'
import type { Type } from './type.ts'

const integer: Type = { kind: 'integer' }
const string: Type = { kind: 'string' }

type CheckFunction = (checker: Checker, span: Span, args: readonly Typed[]) => Typed

/** Functions of the language. `before` is one too; it changes how its argument is checked. */
export const builtinFunctions: ReadonlyMap<string, CheckFunction> = new Map<string, CheckFunction>([
  ['length', checkLength],
  ['abs', checkAbs],
  ['min', (checker, span, args) => checkMany(checker, span, args, (a, b) => (b < a ? b : a))],
  ['max', (checker, span, args) => checkMany(checker, span, args, (a, b) => (b > a ? b : a))],
  ['sum', (checker, span, args) => checkMany(checker, span, args, (a, b) => a + b, 0n)],
  ['lower', checkLower],
  ['keccak', checkKeccak],
])

/** Whether it has so many arguments; says so where it has not. */
export function takes(checker: Checker, span: Span, args: readonly Typed[], count: number): boolean {
  if (args.length === count) return true
  const wanted = count === 1 ? 'one argument' : `${count} arguments`
  reportWrong(checker, span, `This takes ${wanted}, not ${args.length}.`)
  return false
}

function checkLength(checker: Checker, span: Span, args: readonly Typed[]): Typed {
  const [of] = args
  if (!takes(checker, span, args, 1) || !of || isWrong(of)) return wrong(span)
  const { kind } = of.type
  const sizes: Partial<Record<Type['kind'], (value: Value) => bigint>> = {
    array: (value) => BigInt((value as Value[]).length),
    string: (value) => BigInt((value as string).length),
    bytes: (value) => BigInt((value as string).length / 2 - 1),
  }
  const size = sizes[kind]
  if (!size) return reportWrong(checker, of, 'Only lists, strings and bytes have a length.')
  return combine(checker, span, integer, [of], lift([of.evaluate], size))
}

function checkAbs(checker: Checker, span: Span, args: readonly Typed[]): Typed {
  if (!takes(checker, span, args, 1)) return wrong(span)
  const of = settle(checker, args[0]!, integer)
  const evaluate = lift([of.evaluate], (value) => ((value as bigint) < 0n ? -(value as bigint) : value))
  return combine(checker, span, integer, [of], evaluate)
}

/** Of several integers or of one list of them. An empty list has no least and no greatest, but the sum 0. */
function checkMany(
  checker: Checker,
  span: Span,
  args: readonly Typed[],
  fold: (a: bigint, b: bigint) => bigint,
  empty?: bigint,
): Typed {
  const [first] = args
  if (!first) return reportWrong(checker, span, 'This takes integers, or one list of integers.')
  const isList = args.length === 1 && first.type.kind === 'array'
  const parts = isList ? [first] : args.map((arg) => settle(checker, arg, integer))
  if (isList && !fits(first, { kind: 'array', of: integer })) {
    return reportWrong(checker, first, 'This is not a list of integers.')
  }
  const evaluate = lift(
    parts.map((part) => part.evaluate),
    (...values) => foldBounded((isList ? values[0] : values) as bigint[], fold, empty),
  )
  return combine(checker, span, integer, parts, evaluate)
}

function foldBounded(values: readonly bigint[], fold: (a: bigint, b: bigint) => bigint, empty?: bigint): Answer {
  let result = empty ?? values[0]
  if (result === undefined) return new Undecidable('the list is empty')
  for (const value of empty === undefined ? values.slice(1) : values) result = fold(result, value)
  return bounded(result)
}

function checkLower(checker: Checker, span: Span, args: readonly Typed[]): Typed {
  if (!takes(checker, span, args, 1)) return wrong(span)
  const of = settle(checker, args[0]!, string)
  const evaluate = lift([of.evaluate], (value) => boundedText(value, (text) => text.toLowerCase()))
  return combine(checker, span, string, [of], evaluate)
}

/** Such as the id of a role. Only of what is written out: hashing what strangers write would cost without bound. */
function checkKeccak(checker: Checker, span: Span, args: readonly Typed[]): Typed {
  if (!takes(checker, span, args, 1)) return wrong(span)
  const of = settle(checker, args[0]!, string)
  if (isWrong(of)) return wrong(span)
  if (typeof of.constant !== 'string')
    return reportWrong(checker, of, 'Only a string that is written out can be hashed.')
  return constantOf(span, { kind: 'bytes', size: 32 }, keccak256(stringToHex(of.constant)))
}
