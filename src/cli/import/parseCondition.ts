import { dead } from './notCarried.ts'
import type { Dialect } from './sourceMonitor.ts'

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'starts_with' | 'ends_with' | 'contains'

/** A condition as it was written. */
export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; of: Condition }
  | { kind: 'compare'; operator: Operator; left: Condition; right: Condition }
  | { kind: 'arithmetic'; operator: '+' | '-' | '*' | '/' | '^'; left: Condition; right: Condition }
  /** A parameter, and the way into it: names of parts and places in lists. */
  | { kind: 'path'; name: string; steps: readonly (string | number)[] }
  /** `quoted`: it stood in quotes. */
  | { kind: 'literal'; text: string; quoted: boolean }

type Cursor = { source: string; at: number; depth: number; dialect: Dialect }

const lengthMax = 4096
const depthMax = 60
const compareLevel = 4

const levels: readonly [RegExp, number, Dialect | 'both'][] = [
  [/\s*(\bor\b|\|\|)/iy, 1, 'both'],
  [/\s*(\band\b|&&)/iy, 2, 'both'],
  [/\s*(==|!=|>=|<=|>|<|starts_with\b|ends_with\b|contains\b)/iy, compareLevel, 'both'],
  [/\s*([+-])/y, 5, 'defender'],
  [/\s*([*/])/y, 6, 'defender'],
  [/\s*(\^)/y, 7, 'defender'],
]

/** @throws {NotCarried} It is no condition. */
export function parseCondition(source: string, dialect: Dialect): Condition {
  if (source.length > lengthMax) throw dead(`A condition of ${source.length} characters.`)
  const cursor = { source, at: 0, depth: 0, dialect }
  const condition = parseLevel(cursor, 1)
  if (take(cursor, /\s*/y) === null || cursor.at < source.length) throw unreadable(cursor)
  return condition
}

function parseLevel(cursor: Cursor, minimum: number): Condition {
  if (++cursor.depth > depthMax) throw dead(`A condition of more than ${depthMax} brackets within each other.`)
  let left = parsePrefix(cursor)
  for (;;) {
    const found = operatorAt(cursor, minimum)
    if (!found) break
    // In OpenZeppelin Monitor only a value stands on the right of a comparison, and it needs no quotes.
    const bare = found.level === compareLevel && cursor.dialect === 'oz'
    left = joined(found.text, found.level, left, bare ? parseBare(cursor) : parseLevel(cursor, found.level + 1))
  }
  cursor.depth--
  return left
}

function operatorAt(cursor: Cursor, minimum: number): { text: string; level: number } | null {
  for (const [pattern, level, dialect] of levels) {
    if (level < minimum || (dialect !== 'both' && dialect !== cursor.dialect)) continue
    const text = take(cursor, pattern)
    if (text !== null) return { text: text.toLowerCase(), level }
  }
  return null
}

function joined(text: string, level: number, left: Condition, right: Condition): Condition {
  if (level === 1) return { kind: 'or', left, right }
  if (level === 2) return { kind: 'and', left, right }
  if (level === compareLevel) return { kind: 'compare', operator: text as Operator, left, right }
  return { kind: 'arithmetic', operator: text as '+', left, right }
}

function parsePrefix(cursor: Cursor): Condition {
  if (cursor.dialect === 'defender' && take(cursor, /\s*(not\b|!(?!=))/iy) !== null) {
    return { kind: 'not', of: parseLevel(cursor, compareLevel) }
  }
  if (take(cursor, /\s*(\()/y) !== null) {
    const inner = parseLevel(cursor, 1)
    if (take(cursor, /\s*(\))/y) === null) throw unreadable(cursor)
    return inner
  }
  const name = take(cursor, cursor.dialect === 'oz' ? /\s*([A-Za-z_]\w*|\d+(?=[\s.[=!<>]))/y : /\s*([A-Za-z_$][\w$]*)/y)
  if (name === null) return parseBare(cursor)
  if (/^(true|false)$/i.test(name)) return { kind: 'literal', text: name.toLowerCase(), quoted: false }
  return { kind: 'path', name, steps: parseSteps(cursor) }
}

function parseSteps(cursor: Cursor): (string | number)[] {
  const steps: (string | number)[] = []
  for (;;) {
    const place = take(cursor, /\[(\d{1,9})\]/y) ?? take(cursor, /\.(\d{1,9})(?!\w)/y)
    const key = place === null ? take(cursor, /\.([A-Za-z_]\w*)/y) : null
    if (place === null && key === null) return steps
    steps.push(place === null ? key! : Number(place))
  }
}

function parseBare(cursor: Cursor): Condition {
  const quoted = take(cursor, /\s*('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")/y)
  if (quoted !== null) {
    return { kind: 'literal', text: quoted.slice(1, -1).replace(/\\(['"\\])/g, '$1'), quoted: true }
  }
  const text = take(cursor, /\s*([+-]?[\w-]+(?:\.\d+)?)/y)
  if (text === null) throw unreadable(cursor)
  return { kind: 'literal', text, quoted: false }
}

/** What the pattern finds here, its group if it has one, and goes on behind it; null where it finds nothing. */
function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.source)
  if (!match) return null
  cursor.at = pattern.lastIndex
  return match[1] ?? match[0]
}

function unreadable({ source, at }: Cursor) {
  const rest = source.slice(at).trim().slice(0, 40)
  return dead(
    rest === '' ? `The condition \`${source}\` breaks off.` : `The condition cannot be read from \`${rest}\` on.`,
  )
}
