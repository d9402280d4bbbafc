import type { AbiEvent, AbiFunction } from 'viem'
import { formatAbiItem } from 'viem/utils'
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
  const own = itemsOf(contract.abi ?? standardAbi(contract.kind), kind).filter((item) => item.name === name)
  return own.length > 0 ? own : itemsOf(proxyAbi, kind).filter((item) => item.name === name)
}

/** What to do where there is none of that name. */
export function unknownItem(contract: Contract, kind: Kind, name: string): { message: string; hint: string } {
  const own = itemsOf(contract.abi ?? [], kind)
  const items = itemsOf(contract.abi ?? standardAbi(contract.kind), kind)
  const guess = nearest(name, new Set(items.map((item) => item.name)))
  const shown = own.slice(0, 20).map((item) => item.name)
  const list = shown.length > 0 ? `It has ${[...new Set(shown)].join(', ')}.` : ''
  const giveAbi = `Give the ABI of \`${contract.name}\` under \`abi:\` in the config.`
  if (!contract.abi) {
    const message = `The ABI of \`${contract.name}\` is not given, and no standard has ${kind === 'event' ? 'an event' : 'a function'} \`${name}\`.`
    return { message, hint: guess ? `Did you mean \`${guess}\`? ${giveAbi}` : giveAbi }
  }
  const message = `The ABI of \`${contract.name}\` has no ${kind} \`${name}\`.`
  return { message, hint: guess ? `Did you mean \`${guess}\`?` : list || giveAbi }
}

/** Without the name of the item: `address,(uint256,bool)[]`. */
export function typesOf(item: AbiEvent | AbiFunction): string {
  return formatAbiItem(item).slice(item.name.length + 1, -1)
}

function itemsOf<K extends Kind>(abi: readonly { type: string }[], kind: K): ItemOf<K>[] {
  return abi.filter((item): item is ItemOf<K> => item.type === kind)
}
