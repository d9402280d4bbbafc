import type { Value } from '../evm/abi/value.ts'
import { type Checker, combine, isWrong, report, reportWrong, type Typed, wrong } from './checker.ts'
import { type Evaluate, lift, Undecidable } from './frame.ts'
import { limits } from './limits.ts'
import type { Span } from './ruleError.ts'
import { fits, settle } from './settle.ts'
import type { ArithmeticOperator, ComparisonOperator } from './syntax.ts'
import { describeType, type Type } from './type.ts'

const integer: Type = { kind: 'integer' }
const bool: Type = { kind: 'bool' }

export function checkNot(checker: Checker, span: Span, of: Typed): Typed {
  const operand = settle(checker, of, bool)
  return combine(
    checker,
    span,
    bool,
    [operand],
    lift([operand.evaluate], (value) => !value),
  )
}

export function checkMinus(checker: Checker, span: Span, of: Typed): Typed {
  const operand = settle(checker, of, integer)
  return combine(
    checker,
    span,
    integer,
    [operand],
    lift([operand.evaluate], (value) => -(value as bigint)),
  )
}

/** `false and …` is false and `true or …` is true, on whichever side the part without an answer stands. */
export function checkLogic(checker: Checker, span: Span, operator: 'and' | 'or', left: Typed, right: Typed): Typed {
  const parts = [settle(checker, left, bool), settle(checker, right, bool)] as const
  const decisive = operator === 'or'
  const [first, second] = [parts[0].evaluate, parts[1].evaluate]
  const evaluate: Evaluate = (frame, state) => {
    const a = first(frame, state)
    if (a === decisive) return a
    const b = second(frame, state)
    return b === decisive || !(a instanceof Undecidable) ? b : a
  }
  return combine(checker, span, bool, parts, evaluate)
}

export function checkArithmetic(
  checker: Checker,
  span: Span,
  operator: ArithmeticOperator,
  left: Typed,
  right: Typed,
): Typed {
  const parts = [settle(checker, left, integer), settle(checker, right, integer)] as const
  if ((operator === '/' || operator === '%') && parts[1].constant === 0n) {
    return reportWrong(checker, span, 'This divides by zero.')
  }
  const apply = arithmetic[operator]
  const evaluate = lift([parts[0].evaluate, parts[1].evaluate], (a, b) => apply(a as bigint, b as bigint))
  return combine(checker, span, integer, parts, evaluate)
}

const byZero = new Undecidable('division by zero')
const arithmetic: Record<ArithmeticOperator, (a: bigint, b: bigint) => bigint | Undecidable> = {
  '+': (a, b) => bounded(a + b),
  '-': (a, b) => bounded(a - b),
  '*': (a, b) => bounded(a * b),
  '/': (a, b) => (b === 0n ? byZero : a / b),
  '%': (a, b) => (b === 0n ? byZero : a % b),
}

const tooLarge = new Undecidable(`a number of more than ${limits.bits} bits`)
const bound = 2n ** BigInt(limits.bits)

export function bounded(value: bigint): bigint | Undecidable {
  return value < bound && value > -bound ? value : tooLarge
}

export function checkComparison(
  checker: Checker,
  span: Span,
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
): Typed {
  const [a, b] = unify(checker, left, right, operator)
  if (isWrong(a, b)) return wrong(span)
  const problem = incomparable(operator, a.type)
  if (problem) return reportWrong(checker, span, ...problem)
  checker.measured.push(a, b)
  const apply = comparisons[operator]
  return combine(checker, span, bool, [a, b], lift([a.evaluate, b.evaluate], apply))
}

const comparisons: Record<ComparisonOperator, (a: Value, b: Value) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function incomparable(operator: ComparisonOperator, { kind }: Type): [string, string] | null {
  if (kind === 'tuple' || kind === 'array') {
    return [
      `A ${kind === 'tuple' ? 'tuple' : 'list'} cannot be compared as a whole.`,
      'Compare its parts: `.name` or `[0]`.',
    ]
  }
  if (operator === '==' || operator === '!=' || kind === 'integer') return null
  return [`Only integers are in an order; \`${operator}\` cannot compare these.`, 'Use `==` or `!=`.']
}

/** Both sides as values of one type. */
export function unify(checker: Checker, left: Typed, right: Typed, operator: string): [Typed, Typed] {
  if (left.type.kind === 'hex' && right.type.kind === 'hex') {
    const type: Type = { kind: left.type.digits.length === 40 ? 'address' : 'integer' }
    return [settle(checker, left, type), settle(checker, right, type)]
  }
  if (left.type.kind === 'hex') return [settle(checker, left, right.type), right]
  if (right.type.kind === 'hex') return [left, settle(checker, right, left.type)]
  if (left.type.kind === 'object' || right.type.kind === 'object') {
    const group = left.type.kind === 'object' ? left : right
    return [left, reportWrong(checker, group, 'This is a group of values; name one of them.')]
  }
  if (!fits(right, left.type)) {
    const span = { offset: left.offset, length: right.offset + right.length - left.offset }
    const message = `\`${operator}\` has ${describeType(left.type)} on its left and ${describeType(right.type)} on its right.`
    return [left, reportWrong(checker, span, message)]
  }
  checkChoice(checker, left, right)
  checkChoice(checker, right, left)
  return [left, right]
}

/** A string that the other side can never be is a slip of the pen. */
function checkChoice(checker: Checker, literal: Typed, { type }: Typed): void {
  if (type.kind !== 'string' || !type.choices || typeof literal.constant !== 'string') return
  if (type.choices.includes(literal.constant)) return
  const choices = type.choices.map((choice) => `"${choice}"`).join(', ')
  report(checker, literal, `This is never "${literal.constant}".`, `It is one of ${choices}.`)
}
