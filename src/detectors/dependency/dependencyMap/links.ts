import { keccak256 } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Read, ReadResult } from '../../../model/read.ts'
import { resolveContract, type Source } from '../../contractOption.ts'
import type { LinkOption } from './linkOption.ts'

/** One arrow of the map, ready to be read. `key`: names it among those of the monitor. */
export type Link = {
  key: string
  of: Source
  what: string
  read: Read
  /** What it must have been at first; null: whatever is seen. */
  is: Address | null
  far: boolean
  /** It stands in another contract, and is as grave as if it stood in those that are watched. */
  kin: boolean
}

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function linkOf(option: LinkOption, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): Link {
  const { call, slot, code, far, kin, is } = option
  const of = resolveContract(option.in, assignment)
  const place = call ?? (slot === undefined ? 'code' : `slot ${slot}`)
  return {
    key: `${of.address} ${place.toLowerCase()}`.slice(0, 200),
    of,
    what: option.what ?? (code ? 'code' : place),
    read: readOf(of.address, option),
    is: is === undefined ? null : resolveContract(is, assignment).address,
    far: far === true && kin !== true,
    kin: kin === true,
  }
}

function readOf(address: Address, { call, slot }: LinkOption): Read {
  if (call !== undefined) return { at: 'block', kind: 'call', to: address, data: call.toLowerCase() as Hex }
  if (slot === undefined) return { at: 'block', kind: 'code', of: address }
  return { at: 'block', kind: 'storage', of: address, slot: `0x${slot.slice(2).padStart(64, '0').toLowerCase()}` }
}

export const nothing = 'nothing'
const listMax = 32
const zero = /^0x0{40}$/

/** Address, list of addresses or hash as text; `nothing` where it names nothing. Null: nobody could tell. */
export function valueIn(read: Read, result: ReadResult): string | null {
  if (!result.ok) return result.reverted ? nothing : null
  const { data } = result
  if (read.kind === 'code') return data === '0x' ? nothing : keccak256(data)
  if (data.length < 66) return nothing
  if (read.kind === 'storage') return addressAt(`${'0'.repeat(24)}${data.slice(26, 66)}`) ?? nothing
  if (data.length === 66) return addressAt(data.slice(2)) ?? (BigInt(data) === 0n ? nothing : data)
  return listOf(data) ?? keccak256(data)
}

function addressAt(word: string | undefined): Address | null {
  if (!word || !/^0{24}[0-9a-f]{40}$/.test(word)) return null
  const address: Address = `0x${word.slice(24)}`
  return zero.test(address) ? null : address
}

function listOf(data: Hex): string | null {
  // Offset, length, and then one address a word.
  const words = data.slice(2, 2 + 64 * (2 + listMax + 1)).match(/.{64}/g) ?? []
  const count = Number(BigInt(`0x${words[1] ?? '0'}`))
  if (BigInt(`0x${words[0] ?? '0'}`) !== 32n || count > listMax || words.length < 2 + count) return null
  const addresses = words.slice(2, 2 + count).map(addressAt)
  return addresses.includes(null) ? null : addresses.join(' ')
}
