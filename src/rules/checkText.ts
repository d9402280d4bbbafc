import { RE2JS, RE2JSException } from 're2js'
import type { Value } from '../evm/abi/value.ts'
import { type Checker, combine, reportWrong, type Typed, wrong } from './checker.ts'
import { type Answer, lift, Undecidable } from './frame.ts'
import { limits } from './limits.ts'
import type { Span } from './ruleError.ts'
import { settle } from './settle.ts'
import type { TextOperator } from './syntax.ts'
import type { Type } from './type.ts'

const bool: Type = { kind: 'bool' }
const string: Type = { kind: 'string' }

export function checkText(checker: Checker, span: Span, operator: TextOperator, left: Typed, right: Typed): Typed {
  if (operator === 'contains' && left.type.kind === 'array') {
    return reportWrong(checker, span, '`contains` looks for a part of a string.', 'For a list, write `value in list`.')
  }
  if (operator === 'matches') return checkMatches(checker, span, left, right)
  if (left.type.kind === 'bytes') return checkBytes(checker, span, left, right, operator)
  const parts = [settle(checker, left, string), settle(checker, right, string)] as const
  checker.measured.push(parts[0])
  const apply = searches[operator]
  const evaluate = lift([parts[0].evaluate, parts[1].evaluate], (text, part) =>
    boundedText(text, (bounded) => apply(bounded, part as string)),
  )
  return combine(checker, span, bool, parts, evaluate)
}

type Search = (text: string, part: string) => boolean

/** Whole bytes are looked for, in `bytes` and in those of a fixed size. */
function checkBytes(checker: Checker, span: Span, left: Typed, right: Typed, operator: keyof typeof searches): Typed {
  const part = right.type.kind === 'bytes' ? right : settle(checker, right, { kind: 'bytes', size: null })
  checker.measured.push(left)
  const apply = operator === 'contains' ? hasBytes : searches[operator]
  const evaluate = lift([left.evaluate, part.evaluate], (data, wanted) =>
    apply((data as string).slice(2), (wanted as string).slice(2)),
  )
  return combine(checker, span, bool, [left, part], evaluate)
}

/** A byte begins at an even digit only. */
function hasBytes(data: string, part: string): boolean {
  let at = data.indexOf(part)
  while (at % 2 === 1) at = data.indexOf(part, at + 1)
  return at >= 0
}

const searches: Record<Exclude<TextOperator, 'matches'>, Search> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
}

/** The time that a match takes grows with the text only, whatever the pattern: RE2 never goes back. */
function checkMatches(checker: Checker, span: Span, left: Typed, right: Typed): Typed {
  const text = settle(checker, left, string)
  if (right.type.kind === 'wrong') return wrong(span)
  if (typeof right.constant !== 'string' || right.type.kind !== 'string') {
    return reportWrong(checker, right, 'The pattern of `matches` must be written out as a string.')
  }
  const pattern = compilePattern(right.constant)
  if (typeof pattern === 'string') return reportWrong(checker, right, pattern, 'Patterns are those of RE2.')
  checker.measured.push(text)
  const evaluate = lift([text.evaluate], (value) => boundedText(value, (bounded) => pattern.test(bounded)))
  return combine(checker, span, bool, [text], evaluate)
}

function compilePattern(source: string): RE2JS | string {
  if (source.length > limits.pattern) return `A pattern has at most ${limits.pattern} characters.`
  try {
    return RE2JS.compile(source)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return `This is no regular expression: ${error.message}.`
  }
}

/** A longer text is not cut: whoever wrote it could push what is looked for behind the cut. */
export function boundedText(text: Value, look: (text: string) => Answer): Answer {
  if (typeof text === 'string' && text.length <= limits.text) return look(text)
  return new Undecidable(`a string of more than ${limits.text} characters`)
}
