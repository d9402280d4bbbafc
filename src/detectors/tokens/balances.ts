import type { Address, Hex } from '../../model/chain.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'

type At = Read['at']

export const nativeBalance = (of: Address, at: At): Read => ({ kind: 'balance', at, of })

/** `balanceOf(address)`, which ERC-20 and ERC-721 share. */
export const tokenBalance = (token: Address, of: Address, at: At): Read => ({
  kind: 'call',
  at,
  to: token,
  data: `0x70a08231${'0'.repeat(24)}${of.slice(2)}`,
})

/** `allowance(address,address)` of ERC-20. */
export const allowance = (token: Address, owner: Address, spender: Address, at: At): Read => ({
  kind: 'call',
  at,
  to: token,
  data: `0xdd62ed3e${'0'.repeat(24)}${owner.slice(2)}${'0'.repeat(24)}${spender.slice(2)}`,
})

/** `balanceOf(address,uint256)` of ERC-1155. */
export const kindBalance = (token: Address, of: Address, id: bigint, at: At): Read => ({
  kind: 'call',
  at,
  to: token,
  data: `0x00fdd58e${'0'.repeat(24)}${of.slice(2)}${id.toString(16).padStart(64, '0')}`,
})

/**
 * Of fewer items of a kind percent says nothing: whoever fetches the only one fetches all. Of more, several people own some,
 * as they do of coins.
 */
export const kindMin = 10n
/** Kinds of items of one collection in one block that are looked at. */
export const kindsMax = 16

export const totalSupply = (token: Address, at: At): Read => ({ kind: 'call', at, to: token, data: '0x18160ddd' })

/** As hex digits. Some contracts answer more than the one word; who answers a megabyte says no number. */
const longestNumber = 2 + 64 * 32

/** The first word of an answer; null where there is none, as a contract without the function may answer nothing. */
export function numberOf(data: Hex): bigint | null {
  return data.length >= 66 && data.length <= longestNumber ? BigInt(data.slice(0, 66)) : null
}

/**
 * `null`: there is no such number, because the contract reverts or answers nothing.
 * `blind`: nobody could answer, so it is not known.
 */
export type Amount = { amount: bigint } | { amount: null; blind?: string }

export function readAmount(observation: Pick<Observation, 'state'>, read: Read): Amount {
  const result = observation.state(read)
  if (result.ok) return { amount: numberOf(result.data) }
  return result.reverted ? { amount: null } : { amount: null, blind: result.reason }
}
