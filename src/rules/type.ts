import type { AbiParameter } from 'viem'
import type { Contract } from '../model/contract.ts'
import type { Evaluate } from './frame.ts'

export type Field = { name: string; type: Type }

/** What is known of a value before any block is seen. */
export type Type =
  /** Integers of every width are one type: they are exact and do not overflow. */
  | { kind: 'integer' }
  | { kind: 'bool' }
  /** `choices`: all that it can be. */
  | { kind: 'string'; choices?: readonly string[] }
  /** `contract`: the address is one that the config names. */
  | { kind: 'address'; contract?: Contract }
  /** `size` null: of any length. */
  | { kind: 'bytes'; size: number | null }
  | { kind: 'array'; of: Type }
  | { kind: 'tuple'; fields: readonly Field[] }
  /** A hex literal is what its place makes of it: an address, bytes or an integer. */
  | { kind: 'hex'; digits: string }
  /** `tx`, `block`, `log`. */
  | { kind: 'object'; members: ReadonlyMap<string, Member> }
  /** A problem was reported; no further ones follow from it. */
  | { kind: 'wrong' }

export type Member = { type: Type; evaluate: Evaluate }

/** Parameters without a name stay without one: they are reached by position. */
export function typeOf(parameter: AbiParameter, type: string = parameter.type): Type {
  const [, element] = /^(.+)\[\d*\]$/.exec(type) ?? []
  if (element !== undefined) return { kind: 'array', of: typeOf(parameter, element) }
  if (type === 'tuple')
    return { kind: 'tuple', fields: 'components' in parameter ? fieldsOf(parameter.components) : [] }
  if (type === 'bool' || type === 'string' || type === 'address') return { kind: type }
  if (type === 'function') return { kind: 'bytes', size: 24 }
  if (type.startsWith('bytes')) return { kind: 'bytes', size: type === 'bytes' ? null : Number(type.slice(5)) }
  return { kind: 'integer' }
}

export function fieldsOf(parameters: readonly AbiParameter[]): Field[] {
  return parameters.map((parameter) => ({ name: parameter.name ?? '', type: typeOf(parameter) }))
}

export function describeType(type: Type): string {
  switch (type.kind) {
    case 'integer':
      return 'an integer'
    case 'bool':
      return 'true or false'
    case 'string':
      return 'a string'
    case 'address':
      return 'an address'
    case 'bytes':
      return type.size === null ? 'bytes' : `bytes${type.size}`
    case 'array':
      return 'a list'
    case 'tuple':
      return 'a tuple'
    case 'hex':
      return 'a hex literal'
    case 'object':
      return 'no value but a group of values'
    case 'wrong':
      return 'unknown'
  }
}

/** Whether values of both can be the same value. */
export function sameType(a: Type, b: Type): boolean {
  if (a.kind === 'wrong' || b.kind === 'wrong') return true
  if (a.kind === 'bytes' && b.kind === 'bytes') return a.size === b.size
  if (a.kind === 'array' && b.kind === 'array') return sameType(a.of, b.of)
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    return a.fields.length === b.fields.length && a.fields.every(({ type }, i) => sameType(type, b.fields[i]!.type))
  }
  return a.kind === b.kind
}
