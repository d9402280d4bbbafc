import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import type { Address, Call, Log, Receipt, Transaction } from '../../model/chain.ts'
import { compileEvent } from '../abi/compileEvent.ts'
import { UndecodableError } from '../abi/undecodableError.ts'
import {
  endsOf,
  isUnwrapping,
  itemsOf,
  readTransfer,
  type TokenStandard,
  withoutEchoes,
  zeroAddress,
} from './tokenTransfers.ts'

/** One movement of value from one account to another. The zero address mints and burns. */
export type Movement = {
  asset: Address | 'native'
  standard: TokenStandard | 'native'
  /** The item of a collection; null: one unit is as good as the other. */
  id: bigint | null
  from: Address
  to: Address
  amount: bigint
  /** Who says so: a log, the word of the token alone, or a call, which is a fact. */
  by: { log: Log } | { call: Call } | { transaction: Transaction }
}

const deposit = compileEvent(parseAbiItem('event Deposit(address indexed dst, uint256 wad)') as AbiEvent)

/**
 * What one transaction moved: the chain's own coin in the order of the calls, then tokens in the order of the logs. How
 * calls and logs lie among each other no trace of ours tells. Without calls only the value of the transaction itself is
 * known of the coin, and without a receipt not even that it took effect. Gas is not in it. What took no effect has moved
 * nothing.
 */
export function movementsOf({
  transaction,
  receipt,
  calls,
}: {
  transaction: Transaction
  receipt: Receipt | null
  calls?: readonly Call[]
}): Movement[] {
  if (receipt?.status === 'reverted') return []
  const native = calls ? calls.flatMap(movedByCall) : receipt ? movedByTransaction(transaction, receipt) : []
  return [...native.filter(moves), ...tokenMovements(receipt?.logs ?? [])]
}

/** Nothing, or from an account to itself: whoever tells of it moves no value, and may mean to look as if. */
const moves = ({ amount, from, to }: Movement): boolean => amount > 0n && from !== to

/** What the logs of one transaction say; a log that only looks like a transfer says nothing. */
export function tokenMovements(logs: readonly Log[]): Movement[] {
  const told = withoutEchoes(logs)
  const minted = new Set(told.flatMap((log) => (isMint(log) ? [mintKey(log, log.topics[2])] : [])))
  const all = told.flatMap((log): Movement[] => {
    try {
      if (endsOf(log)) return movedByLog(log)
      const isDeposit = log.topics[0] === deposit.topic0 && log.topics.length === 2
      return isDeposit && !minted.has(mintKey(log, log.topics[1])) ? [wrapped(log)] : []
    } catch (error) {
      if (error instanceof UndecodableError) return []
      throw error
    }
  })
  return all.filter(moves)
}

function movedByLog(log: Log): Movement[] {
  const transfer = readTransfer(log)
  const { token, standard, from, to } = transfer
  return itemsOf(transfer).map((item) => ({ asset: token, standard, from, to, ...item, by: { log } }))
}

/** Coins that were put into a token that stands for them, as WETH tells it: no transfer says that it was minted. */
function wrapped(log: Log): Movement {
  const [to, amount] = deposit.decode(log) as [Address, bigint]
  return { asset: log.address, standard: 'erc20', id: null, from: zeroAddress, to, amount, by: { log } }
}

/**
 * Told in the words of WETH, as coins that were put into a token or taken out of it. Banks that keep no tokens have events
 * of the same names.
 */
export const isWrapping = ({ by }: Pick<Movement, 'by'>): boolean =>
  'log' in by && (by.log.topics[0] === deposit.topic0 || isUnwrapping(by.log))

const isMint = (log: Log): boolean => {
  const ends = endsOf(log)
  return ends !== null && BigInt(ends.from) === 0n && log.topics.length === 3
}
const mintKey = ({ address, data }: Log, to: string | undefined) => `${address} ${to} ${data}`

const moving: readonly Call['kind'][] = ['call', 'create', 'selfdestruct']

function movedByCall(call: Call): Movement[] {
  const { kind, from, to, value, reverted } = call
  if (reverted || to === null || value === 0n || !moving.includes(kind)) return []
  return [{ asset: 'native', standard: 'native', id: null, from, to, amount: value, by: { call } }]
}

function movedByTransaction(transaction: Transaction, receipt: Receipt): Movement[] {
  const to = transaction.to ?? receipt.contractAddress
  if (!to || transaction.value === 0n) return []
  const { from, value: amount } = transaction
  return [{ asset: 'native', standard: 'native', id: null, from, to, amount, by: { transaction } }]
}
