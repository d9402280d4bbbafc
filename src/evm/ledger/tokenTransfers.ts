import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import type { Address, Hex, Log } from '../../model/chain.ts'
import { compileEvent } from '../abi/compileEvent.ts'
import { UndecodableError } from '../abi/undecodableError.ts'

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
  /** No transfer was told: the native coins that the token stands for were taken out of it, as WETH does. */
  unwrapped: boolean
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
const withdrawal = compile('event Withdrawal(address indexed src, uint256 wad)')

const told: readonly Hex[] = [erc20.topic0, single.topic0, batch.topic0]
/** Topic 0 of every log that `readTransfer` understands. */
export const transferTopics: readonly Hex[] = [...told, withdrawal.topic0]

/** An address as a topic holds it. */
export const topicOf = (account: Address): Hex => `0x${'0'.repeat(24)}${account.slice(2)}`

/**
 * Sender and recipient as topics, without decoding the rest: what is not about a watched account costs no more.
 * Null: no transfer as the standards write it.
 */
export function endsOf({ topics }: Log): { from: Hex; to: Hex } | null {
  const [topic0, first, second, third] = topics
  if (topic0 === erc20.topic0) return first && second ? { from: first, to: second } : null
  if (topic0 === withdrawal.topic0) return first && !second ? { from: first, to: topicOf(zeroAddress) } : null
  if (topic0 === single.topic0 || topic0 === batch.topic0) return second && third ? { from: second, to: third } : null
  return null
}

/** Whether a log has the name of a transfer and is written as no standard writes it. */
export const isOddTransfer = (log: Log): boolean => told.some((topic) => topic === log.topics[0]) && !endsOf(log)

export const isUnwrapping = ({ topics }: Log): boolean => topics[0] === withdrawal.topic0

/** Leaves out what a token tells twice: that coins were taken out of it, and that as much of it was burned. */
export function withoutEchoes(logs: readonly Log[]): readonly Log[] {
  if (!logs.some(isUnwrapping)) return logs
  const key = ({ transactionHash, address, topics, data }: Log) => `${transactionHash} ${address} ${topics[1]} ${data}`
  const burns = logs.filter(({ topics }) => topics[0] === erc20.topic0 && topics[2] === topicOf(zeroAddress))
  const burned = new Set(burns.map(key))
  return logs.filter((log) => !isUnwrapping(log) || !burned.has(key(log)))
}

/** @throws {UndecodableError} The log has the topic of a transfer and is none. */
export function readTransfer(log: Log): TokenTransfer {
  if (isUnwrapping(log)) {
    const [from, amount] = withdrawal.decode(log) as [Address, bigint]
    return { token: log.address, standard: 'erc20', from, to: zeroAddress, amount, unwrapped: true, log }
  }
  const standard = log.topics[0] !== erc20.topic0 ? 'erc1155' : log.topics.length === 4 ? 'erc721' : 'erc20'
  const [from, to, amount] = read[standard](log)
  return { token: log.address, standard, from, to, amount, unwrapped: false, log }
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
    const { from, to, items } = readMany(log)
    return [from, to, items.reduce((sum, { amount }) => sum + amount, 0n)]
  },
}

/** So much of one item of a collection; of an ERC-20 there is one item without id. */
export type Item = { id: bigint | null; amount: bigint }

/**
 * What a log of a transfer says was moved, item by item.
 * @throws {UndecodableError} The log has the topic of a transfer and is none.
 */
export function itemsOf({ standard, amount, log }: TokenTransfer): Item[] {
  if (standard === 'erc20') return [{ id: null, amount }]
  if (standard === 'erc721') return [{ id: erc721.decode(log)[2] as bigint, amount }]
  return readMany(log).items
}

function readMany(log: Log): { from: Address; to: Address; items: Item[] } {
  if (log.topics[0] === single.topic0) {
    const [, from, to, id, amount] = single.decode(log) as [Address, Address, Address, bigint, bigint]
    return { from, to, items: [{ id, amount }] }
  }
  const [, from, to, ids, values] = batch.decode(log) as [Address, Address, Address, bigint[], bigint[]]
  if (ids.length !== values.length) throw new UndecodableError('A batch has not as many amounts as ids.')
  return { from, to, items: ids.map((id, index) => ({ id, amount: values[index]! })) }
}
