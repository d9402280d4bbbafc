import type { Type } from '../../rules/type.ts'
import { addressOf, equalTo, integerOf, partOf, quote } from './equalTo.ts'
import { dead, NotCarried } from './notCarried.ts'
import type { Operator } from './parseCondition.ts'
import type { Variable } from './variables.ts'

type Literal = { text: string; quoted: boolean }
type Note = (deadBecause: string) => void

const ordered = new Set<Operator>(['<', '<=', '>', '>='])
const words: Partial<Record<Operator, string>> = {
  starts_with: 'startsWith',
  ends_with: 'endsWith',
  contains: 'contains',
}

/**
 * A comparison with what is written out, in our rules. Texts are compared as there: large and small letters are the same.
 *
 * @param note Takes why OpenZeppelin Monitor could not judge it, where what was meant is clear all the same.
 * @throws {NotCarried} It cannot be said, or never was true.
 */
export function compareTo(variable: Variable, operator: Operator, literal: Literal, note: Note): string {
  const { text: value, type } = variable
  if (ordered.has(operator)) return orderOf(variable, operator, literal, note)
  const word = words[operator]
  if (word === undefined) {
    const equal = equality(variable, literal, note)
    if (equal === null)
      throw dead(`\`${value}\` is ${kinds[type.kind] ?? type.kind} and can never be \`${literal.text}\`.`)
    return operator === '==' ? bracketed(equal) : negated(equal)
  }
  if (type.kind === 'string') return `lower(${value}) ${word} ${quote(literal.text.toLowerCase())}`
  if (type.kind === 'bytes') return bytesPart(variable, operator, literal, note)
  if (operator === 'contains' && (type.kind === 'array' || type.kind === 'tuple')) {
    const found = membersOf(value, type, literal.text)
    if (found.length > 0) return found.length === 1 ? found[0]! : `(${found.join(' or ')})`
    throw dead(`Nothing in \`${value}\` can be \`${literal.text}\`.`)
  }
  throw dead(`\`${operator}\` looks for a part of a text, and \`${value}\` is ${kinds[type.kind] ?? type.kind}.`)
}

const kinds: Partial<Record<Type['kind'], string>> = {
  integer: 'an integer',
  address: 'an address',
  bool: 'true or false',
  array: 'a list',
  tuple: 'a tuple',
  string: 'a text',
}

function orderOf({ text: value, type }: Variable, operator: Operator, literal: Literal, note: Note): string {
  const number = integerOf(literal.text)
  if (type.kind !== 'integer')
    throw dead(`\`${operator}\` compares integers, and \`${value}\` is ${kinds[type.kind] ?? 'bytes'}.`)
  if (number === null) throw dead(`\`${literal.text}\` is no integer.`)
  noteForm(literal, note)
  return `${value} ${operator} ${number}`
}

function equality(variable: Variable, literal: Literal, note: Note): string | null {
  const { text: value, type, hashed } = variable
  if (type.kind === 'integer') noteForm(literal, note)
  if (type.kind === 'bool' && literal.quoted) note(`\`${value}\` is compared with a text`)
  if (type.kind === 'address' && !literal.quoted && /^\d+$/.test(literal.text)) return null
  const equal = equalTo(value, type, literal.text)
  if (equal !== null || !hashed) return equal
  note(`\`${value}\` is indexed, so that its log holds the hash and not the text`)
  return `${value} == keccak(${quote(literal.text)})`
}

/** OpenZeppelin Monitor reads digits only. */
function noteForm({ text }: Literal, note: Note): void {
  if (!/^[+-]?\d+$|^0x/i.test(text)) note(`\`${text}\` is no number to OpenZeppelin Monitor`)
}

const bracketed = (text: string) => (text.includes(' and ') ? `(${text})` : text)

function negated(equal: string): string {
  const [, left, right] = /^([^"]*?) == (.*)$/s.exec(equal) ?? []
  return left === undefined || equal.includes(' and ') ? `not (${equal})` : `${left} != ${right}`
}

/** There, bytes are a text that begins with `0x`. */
function bytesPart({ text: value }: Variable, operator: Operator, literal: Literal, note: Note): string {
  const [, prefix, digits] = /^(0x)?([0-9a-f]*)$/i.exec(literal.text) ?? []
  if (digits === undefined) throw dead(`\`${literal.text}\` is no part of bytes.`)
  if (digits === '') return 'true'
  if (digits.length % 2 === 1)
    throw new NotCarried(`\`${literal.text}\` ends within a byte; our rules look for whole bytes.`)
  const part = `0x${digits.toLowerCase()}`
  if (operator === 'contains') return `${value} ${prefix ? 'startsWith' : 'contains'} ${part}`
  const isRight = operator === 'starts_with' ? prefix !== undefined : prefix === undefined
  if (!isRight) note(`\`${value}\` begins with 0x there, so that it never ${operator} \`${literal.text}\``)
  return `${value} ${words[operator]} ${part}`
}

/** Within lists and tuples, hex is a text to OpenZeppelin Monitor and no number. */
const isDecimal = /^[+-]?\d+$/

/** Each part of a list or tuple that can be what is looked for, as our rules ask for it. */
function membersOf(value: string, type: Type, text: string): string[] {
  if (type.kind === 'tuple') {
    return type.fields.flatMap((field, index) => membersOf(partOf(value, type.fields, index), field.type, text))
  }
  if (type.kind !== 'array') {
    if (type.kind === 'integer' && !isDecimal.test(text)) return []
    const equal = equalTo(value, type, text)
    return equal === null ? [] : [equal]
  }
  if (type.of.kind === 'array' || type.of.kind === 'tuple') {
    throw new NotCarried('Our rules cannot look through a list of lists or tuples.', {
      hint: 'Compare the items that matter, such as `orders[0].maker`.',
    })
  }
  const item = itemOf(type.of, text)
  return item === null ? [] : [`${item} in ${value}`]
}

function itemOf(type: Type, text: string): string | null {
  if (type.kind === 'integer') return isDecimal.test(text) ? integerOf(text) : null
  if (type.kind === 'address') return addressOf(text)
  if (type.kind === 'string') return quote(text)
  if (type.kind === 'bool') return /^(true|false)$/i.test(text) ? text.toLowerCase() : null
  const equal = equalTo('', type, text)
  return equal?.startsWith(' == ') ? equal.slice(' == '.length) : null
}
