import { plainText } from '../../lib/plainText.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'

const textMax = 64
const listMax = 100
const zero: Address = `0x${'0'.repeat(40)}`

/** What a contract returned, or undefined: it reverted, gave nothing, or nobody could answer. */
export function dataOf(result: ReadResult): Hex | undefined {
  return result.ok && result.data !== '0x' ? result.data : undefined
}

/** The word at a place of the answer, as 64 hex digits. */
function wordAt(data: Hex | undefined, index: number): string | undefined {
  const word = data?.slice(2 + 64 * index, 66 + 64 * index)
  return word?.length === 64 ? word : undefined
}

export function numberAt(data: Hex | undefined, index = 0): bigint | undefined {
  const word = wordAt(data, index)
  return word === undefined ? undefined : BigInt(`0x${word}`)
}

/** The one word that a function returned: one that returns more, or less, is another function. */
export function numberOf(data: Hex | undefined): bigint | undefined {
  return data?.length === 66 ? numberAt(data) : undefined
}

/** As `numberOf`, where a larger one makes no sense. */
export function smallNumberOf(data: Hex | undefined, max: number): number | undefined {
  const number = numberOf(data)
  return number !== undefined && number <= BigInt(max) ? Number(number) : undefined
}

export function flagOf(data: Hex | undefined): boolean | undefined {
  const number = smallNumberOf(data, 1)
  return number === undefined ? undefined : number === 1
}

/** An address that is not zero. */
export function addressOf(data: Hex | undefined): Address | undefined {
  if (data?.length !== 66 || !data.startsWith(`0x${'0'.repeat(24)}`)) return undefined
  const address: Address = `0x${data.slice(26)}`
  return address === zero ? undefined : address
}

/**
 * At most a hundred; undefined: it is no list of addresses.
 *
 * @param heads How many words stand before the list, where a function returns more than it. The first points to it.
 */
export function addressesOf(data: Hex | undefined, heads = 1): Address[] | undefined {
  const count = numberAt(data, heads)
  if (numberAt(data) !== 32n * BigInt(heads) || count === undefined || count > BigInt(listMax)) return undefined
  const words = Array.from({ length: Number(count) }, (_, index) => wordAt(data, heads + 1 + index))
  const addresses = words.map((word) => word && addressOf(`0x${word}`))
  return addresses.every((address) => address !== undefined && address !== '') ? (addresses as Address[]) : undefined
}

/** A string, or the `bytes32` of the first tokens: one harmless line of at most 64 characters, however long it is. */
export function textOf(data: Hex | undefined): string | undefined {
  if (!data) return undefined
  const bytes = Buffer.from(data.slice(2, 2 + 2 * (64 + 4 * textMax)), 'hex')
  if (bytes.length < 32) return undefined
  const isString = bytes.length > 64 && bytes.readUInt32BE(28) === 32
  if (!isString && data.length !== 66) return undefined
  const content = isString ? bytes.subarray(64, 64 + bytes.readUInt32BE(60)) : bytes
  return plainText(content.toString('utf8').replace(/\0+$/, ''), textMax) || undefined
}
