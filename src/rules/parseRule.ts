import { type Cursor, fail, named, next, parseToEnd, peek, skip, startParsing } from './parse.ts'
import type { RuleNode, TriggerNode } from './syntax.ts'

const usage = 'A rule begins with `event NAME`, `log`, `call NAME`, `reverted call NAME`, `transfer` or `transaction`.'

/** @throws {RuleError} */
export function parseRule(source: string): RuleNode {
  const cursor = startParsing(source)
  const trigger = parseTrigger(cursor)
  const token = peek(cursor)
  if (token.kind === 'end') return { trigger, condition: null }
  if (!skip(cursor, 'word', 'if')) {
    fail(
      cursor,
      token,
      `An \`if\` is expected instead of ${named(token)}.`,
      'Such as `event Withdraw if assets > 1e18`.',
    )
  }
  return { trigger, condition: parseToEnd(cursor) }
}

function parseTrigger(cursor: Cursor): TriggerNode {
  const first = next(cursor)
  const span = { offset: first.offset, length: first.length }
  if (first.kind !== 'word') fail(cursor, first, `A rule cannot begin with ${named(first)}.`, usage)
  if (first.text === 'log' || first.text === 'transfer' || first.text === 'transaction') {
    return { kind: first.text, ...span }
  }
  if (first.text === 'event') return { kind: 'event', reverted: false, ...parseName(cursor) }
  if (first.text === 'call') return { kind: 'call', reverted: false, ...parseName(cursor) }
  if (first.text === 'reverted' && skip(cursor, 'word', 'call')) {
    return { kind: 'call', reverted: true, ...parseName(cursor) }
  }
  return fail(cursor, first, `A rule cannot begin with ${named(first)}.`, usage)
}

function parseName(cursor: Cursor) {
  const token = next(cursor)
  if (token.kind !== 'word' || token.text === 'if') fail(cursor, token, `A name is missing before ${named(token)}.`)
  const types = skip(cursor, 'symbol', '(') ? parseTypes(cursor) : null
  return { name: token.text, types, offset: token.offset, length: token.length }
}

/** Types as in a signature. Names of parameters and `indexed` may stand behind them and are skipped. */
function parseTypes(cursor: Cursor): string {
  let text = ''
  let open = 1
  for (;;) {
    const token = next(cursor)
    if (token.kind === 'end') fail(cursor, token, 'A `)` is missing after the types.')
    if (token.text === ')' && --open === 0) return text
    if (token.text === '(') open++
    if (token.kind === 'word') {
      if (/[\w\])]$/.test(text) || token.text === 'tuple') continue
      text += token.text.replace(/^(u?int)$/, '$1256')
    } else if (token.kind === 'number' || /^[()[\],]$/.test(token.text)) text += token.text
    else fail(cursor, token, `${named(token)} is not a type.`)
  }
}
