import { parseNumber } from '../../rules/parseNumber.ts'
import type { Field, Type } from '../../rules/type.ts'
import { splitLiteral } from './splitLiteral.ts'

/** How a rule says that a value is what the text stands for; null where it can never be. Case does not count. */
export function equalTo(value: string, type: Type, text: string): string | null {
  switch (type.kind) {
    case 'integer': {
      const integer = integerOf(text)
      return integer === null ? null : `${value} == ${integer}`
    }
    case 'address': {
      const address = addressOf(text)
      return address === null ? null : `${value} == ${address}`
    }
    case 'bool':
      if (/^true$/i.test(text)) return value
      return /^false$/i.test(text) ? `not ${value}` : null
    case 'string':
      return `lower(${value}) == ${quote(text.toLowerCase())}`
    case 'bytes':
      return equalBytes(value, type.size, text)
    case 'array':
    case 'tuple':
      return equalParts(value, type, text)
    default:
      return null
  }
}

function equalBytes(value: string, size: number | null, text: string): string | null {
  const digits = /^0x([0-9a-f]*)$/i.exec(text)?.[1]
  if (digits === undefined || digits.length % 2 === 1) return null
  if (size === null && digits === '') return `length(${value}) == 0`
  return size === null || digits.length === 2 * size ? `${value} == 0x${digits.toLowerCase()}` : null
}

/** A list or a tuple is compared by its parts. */
function equalParts(value: string, type: Extract<Type, { kind: 'array' | 'tuple' }>, text: string): string | null {
  const parts = splitLiteral(text, type.kind === 'tuple' ? '()' : '[]')
  if (parts === null || (type.kind === 'tuple' && parts.length !== type.fields.length)) return null
  const equal = parts.map((part, index) =>
    type.kind === 'tuple'
      ? equalTo(partOf(value, type.fields, index), type.fields[index]!.type, part)
      : equalTo(`${value}[${index}]`, type.of, part),
  )
  if (equal.includes(null)) return null
  return [...(type.kind === 'array' ? [`length(${value}) == ${parts.length}`] : []), ...equal].join(' and ') || 'true'
}

/** A part of a tuple as a rule names it: by its name, if it has one. */
export function partOf(value: string, fields: readonly Field[], index: number): string {
  const { name } = fields[index]!
  return /^[A-Za-z_]\w*$/.test(name) ? `${value}.${name}` : `${value}[${index}]`
}

/** As a rule writes it: decimal, a sign, `1e18` and `1_000` too. */
export function integerOf(text: string): string | null {
  const [, sign, digits] = /^([+-]?)(.*)$/s.exec(text.trim())!
  if (/^0x[0-9a-f]{1,64}$/i.test(digits!)) return `${sign === '-' ? '-' : ''}${BigInt(digits!)}`
  if (!/^\d[\d_]*(\.\d[\d_]*)?(e\d+)?$/i.test(digits!)) return null
  const value = parseNumber(digits!)
  return typeof value === 'string' ? null : `${sign === '-' ? '-' : ''}${value}`
}

/** In lower case: which letters are large says nothing here. */
export function addressOf(text: string): string | null {
  const digits = /^(?:0x)?([0-9a-f]{40})$/i.exec(text.replaceAll(' ', ''))?.[1]
  return digits === undefined ? null : `0x${digits.toLowerCase()}`
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
