import { toFunctionSelector } from 'viem/utils'
import { standardAbi } from '../../evm/abi/standardAbis.ts'
import { nearest } from '../../rules/nearest.ts'
import { NotCarried } from './notCarried.ts'
import { type NamedItem, signatureOf } from './readAbi.ts'

/** `Transfer(address, address, uint)` without spaces, with whole types. */
export function plainSignature(signature: string): string {
  return signature.replaceAll(/\s+/g, '').replace(/\b(u?int)\b(?!\d)/g, '$1256')
}

/**
 * The event or function of a signature; without ABI, one of the standards, or undefined.
 *
 * @throws {NotCarried} There is an ABI, and it lacks it.
 */
export function findItem<Type extends NamedItem['type']>(
  abi: readonly NamedItem[] | null,
  type: Type,
  signature: string,
): Extract<NamedItem, { type: Type }> | undefined {
  const wanted = plainSignature(signature)
  const items = (abi ?? standardAbi()).filter((item): item is Extract<NamedItem, { type: Type }> => item.type === type)
  const found =
    items.find((item) => signatureOf(item) === wanted) ??
    items.find((item) => signatureOf(item).toLowerCase() === wanted.toLowerCase())
  if (found || abi === null) return found
  const known = items.map((item) => signatureOf(item))
  const name = wanted.split('(')[0]!
  const sameName = known.filter((each) => each.startsWith(`${name}(`))
  const guess = sameName[0] ?? known.find((each) => each.split('(')[0] === nearest(name, known.map(nameOf)))
  const all = known.length > 0 ? `It has ${known.slice(0, 8).join(', ')}.` : `It has no ${type} at all.`
  const hint = guess ? `Did you mean \`${guess.slice(0, 120)}\`?` : all
  throw new NotCarried(`The ABI has no ${type} \`${wanted.slice(0, 120)}\`.`, { wasDead: true, isAbsent: true, hint })
}

const nameOf = (signature: string) => signature.split('(')[0]!

/** The first four bytes of a call; null where the signature is none. */
export function selectorOf(signature: string): string | null {
  const plain = plainSignature(signature)
  const type = String.raw`(u?int\d+|address|bool|string|bytes\d*)(\[\d*\])*`
  return new RegExp(String.raw`^[A-Za-z_$][\w$]*\((${type}(,${type})*)?\)$`).test(plain)
    ? toFunctionSelector(plain)
    : null
}
