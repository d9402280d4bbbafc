import { type AbiEvent, parseAbiItem } from 'viem'
import { compileEvent } from '../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Address, Hex, Log } from '../../model/chain.ts'

export type TokenStandard = 'erc20' | 'erc721' | 'erc1155'

/** One movement of a token, as the token tells it. */
export type TokenTransfer = {
  token: Address
  standard: TokenStandard
  /** The zero address mints and burns. */
  from: Address
  to: Address
  /** ERC-20: base units. ERC-721: 1. ERC-1155: how many items, over all ids of the log. */
  amount: bigint
  log: Log
}

export const zeroAddress: Address = `0x${'0'.repeat(40)}`

const compile = (signature: string) => compileEvent(parseAbiItem(signature) as AbiEvent)
const erc20 = compile('event Transfer(address indexed from, address indexed to, uint256 value)')
const erc721 = compile('event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)')
const single = compile(
  'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
)
const batch = compile(
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
)

/** Topic 0 of every log that `readTransfer` understands. */
export const transferTopics: readonly Hex[] = [erc20.topic0, single.topic0, batch.topic0]

/** An address as a topic holds it. */
export const topicOf = (account: Address): Hex => `0x${'0'.repeat(24)}${account.slice(2)}`

/**
 * Sender and recipient as topics, without decoding the rest: what is not about a watched account costs no more.
 * Null: no transfer as the standards write it.
 */
export function endsOf({ topics }: Log): { from: Hex; to: Hex } | null {
  const [topic0, first, second, third] = topics
  if (topic0 === erc20.topic0) return first && second ? { from: first, to: second } : null
  if (topic0 === single.topic0 || topic0 === batch.topic0) return second && third ? { from: second, to: third } : null
  return null
}

/** Whether a log has the name of a transfer and is written as no standard writes it. */
export const isOddTransfer = (log: Log): boolean =>
  transferTopics.some((topic) => topic === log.topics[0]) && !endsOf(log)

/** @throws {UndecodableError} The log has the topic of a transfer and is none. */
export function readTransfer(log: Log): TokenTransfer {
  const standard = log.topics[0] !== erc20.topic0 ? 'erc1155' : log.topics.length === 4 ? 'erc721' : 'erc20'
  const [from, to, amount] = read[standard](log)
  return { token: log.address, standard, from, to, amount, log }
}

type Ends = [from: Address, to: Address, amount: bigint]

const read: Record<TokenStandard, (log: Log) => Ends> = {
  erc20(log) {
    const [from, to, value] = erc20.decode(log) as Ends
    return [from, to, value]
  },
  erc721(log) {
    const [from, to] = erc721.decode(log) as Ends
    return [from, to, 1n]
  },
  erc1155(log) {
    if (log.topics[0] === single.topic0) {
      const [, from, to, , value] = single.decode(log) as [Address, Address, Address, bigint, bigint]
      return [from, to, value]
    }
    const [, from, to, ids, values] = batch.decode(log) as [Address, Address, Address, bigint[], bigint[]]
    if (ids.length !== values.length) throw new UndecodableError('A batch has not as many amounts as ids.')
    return [from, to, values.reduce((sum, value) => sum + value, 0n)]
  },
}
