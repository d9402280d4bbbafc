import type { Abi, AbiEvent, AbiFunction } from 'viem'
import { formatAbiItem } from 'viem/utils'
import { AbiError, loadAbi } from '../../config/loadAbi.ts'
import { compileEvent } from '../../evm/abi/compileEvent.ts'
import { compileFunction } from '../../evm/abi/compileFunction.ts'
import { KnownError } from '../../model/error.ts'
import { parseJson } from './parseJson.ts'

export type NamedItem = AbiEvent | AbiFunction

const itemsMax = 5000

/**
 * The events and functions of an ABI as it came: a list, a text that holds one, or `{ "abi": [ … ] }`. Items that are
 * none are counted in `dropped`. Null: there is none at all.
 */
export function readAbi(given: unknown): { items: NamedItem[]; dropped: number } | null {
  const list = listOf(given)
  if (list === null) return null
  const items = list.slice(0, itemsMax).map(itemOf)
  const good = items.filter((item) => item !== null && item !== 'other')
  return { items: good, dropped: list.length - items.length + items.filter((item) => item === null).length }
}

function listOf(given: unknown): readonly unknown[] | null {
  if (Array.isArray(given)) return given
  if (given && typeof given === 'object' && 'abi' in given) return listOf(given.abi)
  if (typeof given !== 'string') return null
  const parsed = parseJson(given)
  return 'value' in parsed && typeof parsed.value !== 'string' ? listOf(parsed.value) : null
}

/** Null: broken. `other`: nothing that a rule can name, such as an error. */
function itemOf(given: unknown): NamedItem | 'other' | null {
  try {
    const [item]: Abi = loadAbi([withInputs(given)], '')
    if (item?.type === 'event') compileEvent(item)
    else if (item?.type === 'function') compileFunction(item)
    else return 'other'
    return item.name ? item : null
  } catch (error) {
    if (error instanceof AbiError || error instanceof KnownError) return null
    throw error
  }
}

/** Old compilers leave empty lists out. */
function withInputs(given: unknown): unknown {
  if (!given || typeof given !== 'object' || typeof (given as { name?: unknown }).name !== 'string') return given
  const lists = (given as { type?: unknown }).type === 'function' ? { inputs: [], outputs: [] } : { inputs: [] }
  return { ...lists, ...given }
}

const signatures = new WeakMap<NamedItem, string>()

/** Such as `Transfer(address,address,uint256)`; worked out once, as one ABI is asked by every condition. */
export function signatureOf(item: NamedItem): string {
  const known = signatures.get(item) ?? formatAbiItem(item)
  signatures.set(item, known)
  return known
}

/**
 * Both ABIs as one; null where they know one thing by different names or differ in what is indexed, as two partial ABIs
 * of one address may.
 */
export function mergeAbis(a: readonly NamedItem[], b: readonly NamedItem[]): NamedItem[] | null {
  const bySignature = new Map(a.map((item) => [`${item.type} ${signatureOf(item)}`, item]))
  for (const item of b) {
    const signature = `${item.type} ${signatureOf(item)}`
    const known = bySignature.get(signature)
    if (known && shapeOf(known) !== shapeOf(item)) return null
    bySignature.set(signature, item)
  }
  return [...bySignature.values()]
}

/** What must be the same where two items are one and the same: names and what is indexed, too. */
export function shapeOf(item: NamedItem): string {
  return JSON.stringify(
    [item.type, signatureOf(item), item.inputs, (item as AbiEvent).anonymous === true],
    (key, value: unknown) => (key === 'internalType' || (key === 'indexed' && value === false) ? undefined : value),
  )
}
