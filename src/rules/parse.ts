import { lex, type Token } from './lex.ts'
import { limits } from './limits.ts'
import { isUnit, parseNumber } from './parseNumber.ts'
import { type Problem, RuleError, type Span } from './ruleError.ts'
import type { BinaryOperator, Node } from './syntax.ts'

/** Where the parser stands. `nodes` and `depth` are counted against the limits. */
export type Cursor = { source: string; tokens: readonly Token[]; index: number; depth: number; nodes: number }

const comparison = 3
const levels = new Map<string, number>([
  ['or', 1],
  ['and', 2],
  ...['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'matches', 'contains', 'startsWith', 'endsWith'].map(
    (operator): [string, number] => [operator, comparison],
  ),
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
])
const signLevel = 6

export function startParsing(source: string): Cursor {
  return { source, tokens: lex(source), index: 0, depth: 0, nodes: 0 }
}

/** @throws {RuleError} */
export function parseExpression(source: string): Node {
  const cursor = startParsing(source)
  return parseToEnd(cursor)
}

/** The expression that makes up the rest of the text. */
export function parseToEnd(cursor: Cursor): Node {
  const node = parseBinary(cursor, 1)
  const token = peek(cursor)
  if (token.kind !== 'end') fail(cursor, token, `There is an operator missing before ${named(token)}.`)
  return node
}

export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.index + ahead, cursor.tokens.length - 1)]!
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor)
  cursor.index++
  return token
}

export function skip(cursor: Cursor, kind: 'word' | 'symbol', text: string): boolean {
  const found = is(peek(cursor), kind, text)
  if (found) cursor.index++
  return found
}

export function fail(cursor: Cursor, { offset, length }: Span, message: string, hint?: string): never {
  const problem: Problem = { offset, length, message, ...(hint === undefined ? {} : { hint }) }
  throw new RuleError(cursor.source, [problem])
}

export function named(token: Token): string {
  return token.kind === 'end' ? 'the end of the rule' : `\`${token.kind === 'contract' ? '$' : ''}${token.text}\``
}

function is(token: Token, kind: Token['kind'], text: string): boolean {
  return token.kind === kind && token.text === text
}

function parseBinary(cursor: Cursor, minimum: number): Node {
  let left = parsePrefix(cursor, minimum)
  let compared = false
  for (;;) {
    const operator = operatorAt(cursor)
    const level = levels.get(operator ?? '')
    if (operator === null || level === undefined || level < minimum) return left
    if (level === comparison && compared) failChained(cursor)
    compared ||= level === comparison
    cursor.index += operator === 'not in' ? 2 : 1
    const right = parseBinary(cursor, level + 1)
    const span = { offset: left.offset, length: right.offset + right.length - left.offset }
    left = count(cursor, { kind: 'binary', operator, left, right, ...span })
  }
}

function operatorAt(cursor: Cursor): BinaryOperator | null {
  const token = peek(cursor)
  if (token.kind !== 'word' && token.kind !== 'symbol') return null
  if (token.text === 'not' && is(peek(cursor, 1), 'word', 'in')) return 'not in'
  return levels.has(token.text) ? (token.text as BinaryOperator) : null
}

function failChained(cursor: Cursor): never {
  return fail(cursor, peek(cursor), 'Comparisons cannot be chained.', 'Write `a < b and b < c`.')
}

function parsePrefix(cursor: Cursor, minimum: number): Node {
  const token = peek(cursor)
  if (++cursor.depth > limits.depth) fail(cursor, token, `A rule nests at most ${limits.depth} deep.`)
  const operator = is(token, 'word', 'not') ? 'not' : is(token, 'symbol', '-') ? '-' : null
  if (operator === null) {
    const node = parsePostfix(cursor)
    cursor.depth--
    return node
  }
  if (operator === 'not' && minimum > comparison) {
    fail(cursor, token, 'A value is missing before `not`.', 'Put it into brackets: `(not …)`.')
  }
  cursor.index++
  const of = parseBinary(cursor, operator === 'not' ? comparison : signLevel)
  cursor.depth--
  return count(cursor, { kind: 'unary', operator, of, ...spanTo(token, of) })
}

function parsePostfix(cursor: Cursor): Node {
  let node = parsePrimary(cursor)
  for (;;) {
    if (skip(cursor, 'symbol', '.')) {
      const at = next(cursor)
      if (at.kind !== 'word') fail(cursor, at, `There is a name missing after the dot, before ${named(at)}.`)
      node = count(cursor, { kind: 'field', of: node, name: at.text, at, ...spanTo(node, at) })
    } else if (skip(cursor, 'symbol', '[')) {
      const index = parseBinary(cursor, 1)
      node = count(cursor, { kind: 'index', of: node, index, ...spanTo(node, close(cursor, ']')) })
    } else if (skip(cursor, 'symbol', '(')) {
      const args = parseItems(cursor, ')')
      node = count(cursor, { kind: 'call', callee: node, args, ...spanTo(node, previous(cursor)) })
    } else return node
  }
}

function parsePrimary(cursor: Cursor): Node {
  const token = next(cursor)
  const span = { offset: token.offset, length: token.length }
  if (token.kind === 'number') return parseInteger(cursor, token)
  if (token.kind === 'hex') {
    if (token.text === '') fail(cursor, token, 'There are no digits after `0x`.')
    return count(cursor, { kind: 'hex', digits: token.text, ...span })
  }
  if (token.kind === 'string') return count(cursor, { kind: 'string', value: token.text, ...span })
  if (token.kind === 'contract') return count(cursor, { kind: 'contract', name: token.text, ...span })
  if (is(token, 'symbol', '(')) {
    const node = parseBinary(cursor, 1)
    return { ...node, ...spanTo(token, close(cursor, ')')) }
  }
  if (is(token, 'symbol', '[')) {
    const items = parseItems(cursor, ']')
    return count(cursor, { kind: 'list', items, ...spanTo(token, previous(cursor)) })
  }
  if (token.kind !== 'word' || levels.has(token.text) || token.text === 'if') {
    fail(cursor, token, `A value is missing before ${named(token)}.`)
  }
  if (token.text === 'true' || token.text === 'false') {
    return count(cursor, { kind: 'bool', value: token.text === 'true', ...span })
  }
  return count(cursor, { kind: 'name', name: token.text, ...span })
}

function parseInteger(cursor: Cursor, token: Token): Node {
  const following = peek(cursor)
  const unit = following.kind === 'word' && isUnit(following.text) ? next(cursor) : undefined
  const span = spanTo(token, unit ?? token)
  const value = parseNumber(token.text, unit?.text)
  if (typeof value === 'string') {
    return fail(cursor, span, value, 'Amounts are whole numbers in the smallest unit of a token, such as 1.5e18 wei.')
  }
  return count(cursor, { kind: 'integer', value, ...span })
}

/** Expressions between commas up to the closing bracket, which is consumed. */
function parseItems(cursor: Cursor, closing: ')' | ']'): Node[] {
  const items: Node[] = []
  if (skip(cursor, 'symbol', closing)) return items
  do items.push(parseBinary(cursor, 1))
  while (skip(cursor, 'symbol', ','))
  close(cursor, closing)
  return items
}

function close(cursor: Cursor, closing: ')' | ']'): Token {
  const token = next(cursor)
  if (!is(token, 'symbol', closing)) fail(cursor, token, `A \`${closing}\` is missing before ${named(token)}.`)
  return token
}

function previous(cursor: Cursor): Token {
  return cursor.tokens[cursor.index - 1]!
}

function spanTo(from: Span, to: Span): Span {
  return { offset: from.offset, length: to.offset + to.length - from.offset }
}

function count(cursor: Cursor, node: Node): Node {
  if (++cursor.nodes > limits.nodes) fail(cursor, node, `A rule has at most ${limits.nodes} parts.`)
  return node
}
