import type { Value } from '../../evm/abi/value.ts'
import { groupDigits } from '../../lib/factWords.ts'
import { strangersText } from '../../lib/strangersText.ts'
import type { Address } from '../../model/chain.ts'
import type { Json } from '../../model/finding.ts'
import type { Type } from '../../rules/type.ts'

const textMax = 256
const itemsMax = 32
const shownMax = 40

/** A decoded value as plain data: integers as decimal strings, tuples by name where all of their parts have one. */
export function factOf(value: Value, type: Type): Json {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return type.kind === 'string' ? strangersText(value, textMax) : cut(value, textMax)
  const items = value.slice(0, itemsMax)
  if (type.kind === 'tuple') {
    const facts = items.map((item, index) => factOf(item, type.fields[index]!.type))
    const names = type.fields.slice(0, itemsMax).map(({ name }) => name)
    const named = names.every((name) => name !== '') && new Set(names).size === names.length
    return named ? Object.fromEntries(facts.map((fact, index) => [names[index]!, fact])) : facts
  }
  const element: Type = type.kind === 'array' ? type.of : { kind: 'wrong' }
  const facts = items.map((item) => factOf(item, element))
  return value.length > itemsMax ? [...facts, `… and ${value.length - itemsMax} more`] : facts
}

/** A decoded value for a title: short, and for people. */
export function showValue(value: Value, type: Type, showAddress: (address: Address) => string): string {
  if (typeof value === 'bigint') return showInteger(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return type.kind === 'tuple' ? '(…)' : `${value.length} values`
  if (type.kind === 'address') return showAddress(value as Address)
  if (type.kind === 'string') return `"${strangersText(value, shownMax)}"`
  return cut(value, 12)
}

function cut(hex: string, max: number): string {
  return hex.length > max ? `${hex.slice(0, max - 1)}…` : hex
}

function showInteger(value: bigint): string {
  const digits = value.toString()
  return digits.length > 30 ? `${digits.slice(0, 12)}… (${digits.length} digits)` : groupDigits(digits)
}
