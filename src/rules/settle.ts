import { getAddress } from 'viem/utils'
import { type Checker, constantOf, reportWrong, type Typed } from './checker.ts'
import { describeType, sameType, type Type } from './type.ts'

/** Whether the expression can stand where the type is wanted. */
export function fits({ type }: Typed, wanted: Type): boolean {
  if (type.kind !== 'hex') return sameType(type, wanted)
  const { length } = type.digits
  if (wanted.kind === 'address') return length === 40
  if (wanted.kind === 'bytes') return wanted.size === null ? length % 2 === 0 : length === 2 * wanted.size
  return wanted.kind === 'integer' && length <= 64
}

/** The expression as a value of the type; a hex literal becomes what is wanted. */
export function settle(checker: Checker, typed: Typed, wanted: Type): Typed {
  if (typed.type.kind === 'wrong' || wanted.kind === 'wrong') return typed
  if (!fits(typed, wanted)) return reportWrong(checker, typed, misfit(typed.type, wanted))
  if (typed.type.kind !== 'hex') return typed
  const { digits } = typed.type
  if (wanted.kind === 'integer') return constantOf(typed, wanted, BigInt(`0x${digits}`))
  const lower = digits.toLowerCase()
  const isMixed = digits !== lower && digits !== digits.toUpperCase()
  if (wanted.kind === 'address' && isMixed && getAddress(`0x${lower}`).slice(2) !== digits) {
    return reportWrong(
      checker,
      typed,
      'The checksum of this address is wrong: one of its characters is not what it was meant to be.',
      'Copy it again from where it came from.',
    )
  }
  return constantOf(typed, wanted, `0x${lower}`)
}

/** A hex literal that stands alone is an address if it is as long as one, else an integer. */
export function settleAlone(checker: Checker, typed: Typed): Typed {
  if (typed.type.kind !== 'hex') return typed
  const { length } = typed.type.digits
  if (length <= 64) return settle(checker, typed, { kind: length === 40 ? 'address' : 'integer' })
  return settle(checker, typed, { kind: 'bytes', size: null })
}

function misfit(type: Type, wanted: Type): string {
  if (type.kind !== 'hex') return `This is ${describeType(type)}, where ${describeType(wanted)} is expected.`
  const { length } = type.digits
  if (wanted.kind === 'address') return `An address has 40 hex digits; this has ${length}.`
  if (wanted.kind === 'integer') return `An integer has at most 64 hex digits; this has ${length}.`
  if (wanted.kind !== 'bytes') return `This is a hex literal, where ${describeType(wanted)} is expected.`
  return wanted.size === null
    ? 'Bytes have an even number of hex digits.'
    : `bytes${wanted.size} has ${2 * wanted.size} hex digits; this has ${length}.`
}
