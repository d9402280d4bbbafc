import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import { endsOf, readTransfer, withoutEchoes, zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Call, Hex, Log } from '../../model/chain.ts'
import type { Outcome } from '../../model/observation.ts'

/** One movement of value in a transaction. The zero address mints and burns. */
export type Movement = {
  token: Address | 'native'
  from: Address
  to: Address
  amount: bigint
  /** Told by an event as WETH has it; banks that keep no tokens have events of the same name. */
  wrapped?: true
  /** Items of a collection, not base units. */
  items?: true
}

/** `Deposit(address indexed dst, uint256 wad)`: native coins were put into a token, as WETH does, which tells no transfer. */
const wrapTopic: Hex = '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c'

/**
 * What moved in one transaction and took effect: tokens in the order of their logs, then native coins. Without call
 * traces only the native coins of the transaction itself are known.
 */
export function movementsOf({ transaction, receipt, calls }: Outcome): Movement[] {
  if (!receipt || receipt.status === 'reverted') return []
  const { from, to, value } = transaction
  const top: Movement[] = value > 0n && to !== null ? [{ token: 'native', from, to, amount: value }] : []
  return [...tokenMovements(receipt.logs), ...(calls ? nativeMovements(calls) : top)]
}

/** Logs that are no transfer as the standards write it are left out: they prove nothing. */
export function tokenMovements(logs: readonly Log[]): Movement[] {
  return withoutEchoes(logs).flatMap((log): Movement[] => {
    if (log.topics[0] === wrapTopic) return wrapOf(log)
    if (!endsOf(log)) return []
    try {
      const { token, standard, from, to, amount, unwrapped } = readTransfer(log)
      if (amount === 0n || from === to) return []
      const marks = {
        ...(unwrapped && { wrapped: true as const }),
        ...(standard !== 'erc20' && { items: true as const }),
      }
      return [{ token, from, to, amount, ...marks }]
    } catch (error) {
      if (error instanceof UndecodableError) return []
      throw error
    }
  })
}

function wrapOf({ address, topics, data }: Log): Movement[] {
  const [, to, third] = topics
  if (!to || third || data.length !== 66) return []
  return [{ token: address, from: zeroAddress, to: `0x${to.slice(26)}`, amount: BigInt(data), wrapped: true }]
}

export function nativeMovements(calls: readonly Call[]): Movement[] {
  return calls.flatMap(({ kind, from, to, value, reverted }): Movement[] => {
    // Borrowed code sees the value of the call around it, and moves none.
    const moves = kind === 'call' || kind === 'create' || kind === 'selfdestruct'
    if (!moves || reverted || value === 0n || to === null || from === to) return []
    return [{ token: 'native', from, to, amount: value }]
  })
}
