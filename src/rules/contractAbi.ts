import type { Abi, AbiEvent, AbiFunction } from 'viem'
import { formatAbiItem, formatAbiParams } from 'viem/utils'
import { proxyAbi, standardAbi } from '../evm/abi/standardAbis.ts'
import type { Contract } from '../model/contract.ts'
import { nearest } from './nearest.ts'

type Kind = 'event' | 'function'
type ItemOf<K extends Kind> = K extends 'event' ? AbiEvent : AbiFunction

/**
 * Events or functions of a contract with that name. A contract without ABI is taken to keep to the standards; where there
 * is one, only the events of a proxy are known beyond it, for whatever else it lacks would silently match nothing.
 */
export function itemsNamed<K extends Kind>(contract: Contract, kind: K, name: string): ItemOf<K>[] {
  const own = ownItems(contract, kind, name)
  return own.length > 0 ? own : itemsOf(proxyAbi, kind).filter((item) => item.name === name)
}

/** The same without the events of the proxy itself; of a proxy with several implementations, those of all of them. */
export function ownItems<K extends Kind>(contract: Contract, kind: K, name: string): ItemOf<K>[] {
  const named = itemsOf(abiOf(contract), kind).filter((item) => item.name === name)
  return contract.implementations ? [...new Map(named.map((item) => [shapeOf(item), item])).values()] : named
}

const shownMax = 5

/**
 * Which implementations of a proxy lack an item that others have, in words; null: none.
 * What all of them lack is an event of the proxy itself, or does not exist.
 */
export function lackedBy({ abi, implementations, ...bare }: Contract, kind: Kind, name: string): string | null {
  const has = (given: Abi) => ownItems({ ...bare, abi: given }, kind, name).length > 0
  const all = [...(implementations ?? [])]
  const lacking = all.flatMap(([address, given]) => (has(given) ? [] : [address]))
  const othersLack = implementations !== undefined && abi !== undefined && !has(abi)
  const isNowhere = lacking.length === all.length && (abi === undefined || othersLack)
  if (isNowhere || (lacking.length === 0 && !othersLack)) return null
  const named = lacking.slice(0, shownMax).map((address) => `implementation ${address}`)
  if (lacking.length > shownMax) named.push(`${lacking.length - shownMax} more`)
  if (othersLack) named.push('every other implementation (`abi:`)')
  return `${named.join(', ')} of ${bare.name}`
}

function abiOf({ abi, kind, implementations }: Contract): Abi {
  if (!implementations) return abi ?? standardAbi(kind)
  return [...(abi ?? []), ...[...implementations.values()].flat()]
}

/** Equal for items that are called and answer alike, whatever their parameters are called. */
function shapeOf(item: AbiEvent | AbiFunction): string {
  return `${formatAbiItem(item)} ${'outputs' in item ? formatAbiParams(item.outputs) : ''}`
}

/** What to do where there is none of that name. */
export function unknownItem(contract: Contract, kind: Kind, name: string): { message: string; hint: string } {
  const { abi, implementations } = contract
  const own = abi || implementations ? itemsOf(abiOf(contract), kind) : []
  const guess = nearest(name, new Set(itemsOf(abiOf(contract), kind).map((item) => item.name)))
  const shown = [...new Set(own.map((item) => item.name))].slice(0, 20)
  const list = shown.length > 0 ? `It has ${shown.join(', ')}.` : ''
  const giveAbi = `Give the ABI of \`${contract.name}\` under \`abi:\` in the config.`
  if (!abi && !implementations) {
    const message = `The ABI of \`${contract.name}\` is not given, and no standard has ${kind === 'event' ? 'an event' : 'a function'} \`${name}\`.`
    return { message, hint: guess ? `Did you mean \`${guess}\`? ${giveAbi}` : giveAbi }
  }
  const which = implementations ? `The ABIs of \`${contract.name}\` have` : `The ABI of \`${contract.name}\` has`
  const message = `${which} no ${kind} \`${name}\`.`
  return { message, hint: guess ? `Did you mean \`${guess}\`?` : list || giveAbi }
}

/** Without the name of the item: `address,(uint256,bool)[]`. */
export function typesOf(item: AbiEvent | AbiFunction): string {
  return formatAbiItem(item).slice(item.name.length + 1, -1)
}

function itemsOf<K extends Kind>(abi: readonly { type: string }[], kind: K): ItemOf<K>[] {
  return abi.filter((item): item is ItemOf<K> => item.type === kind)
}
