import type { Raw } from '../parseHex.ts'
import { hashDigits } from './hashDigits.ts'
import { type Digits, encodeRlp, rlpNumber } from './rlp.ts'

/** What every header has, in the order in which it is hashed; `#` marks a number. See the Yellow Paper, section 4.4. */
const always = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  '#difficulty',
  '#number',
  '#gasLimit',
  '#gasUsed',
  '#timestamp',
  'extraData',
  'mixHash',
  'nonce',
]

/** What forks have appended since: EIP-1559, 4895, 4844 (two), 4788, 7685; 7928 and 7843, each under its names. */
const sinceForks = [
  ['#baseFeePerGas'],
  ['withdrawalsRoot'],
  ['#blobGasUsed'],
  ['#excessBlobGas'],
  ['parentBeaconBlockRoot'],
  ['requestsHash'],
  ['blockAccessListHash', 'balHash'],
  ['#slotNumber'],
]

/**
 * The hash of a header as a node gives it, taken over its fields: those of all forks to date as far as they are there,
 * then `extraFields`, which the config names for chains that append their own.
 * Null where a field that every header has is not there.
 * @throws {RpcError} A field is no hex.
 */
export function headerHash(raw: Raw, extraFields: readonly string[] = []): Digits | null {
  const fields: Digits[] = []
  for (const name of always) {
    const field = fieldOf(raw, name)
    if (field === null) return null
    fields.push(field)
  }
  for (const names of [...sinceForks, ...extraFields.map((name) => [name])]) {
    const field = names.map((name) => fieldOf(raw, name)).find((found) => found !== null)
    if (field != null) fields.push(field)
  }
  return hashDigits(encodeRlp(fields))
}

/** What nodes give beside the header. */
const besides = ['hash', 'size', 'uncles', 'transactions', 'withdrawals', 'totalDifficulty', 'author', 'sealFields']
const known = new Set([...always, ...sinceForks.flat()].map(plain).concat(besides))

/** Whether a header has a field that we do not know: a fork, or another kind of chain, may hash it. */
export function isStrange(raw: Raw, extraFields: readonly string[] = []): boolean {
  const named = new Set(extraFields.map(plain))
  return Object.keys(raw).some((name) => !known.has(name) && !named.has(name))
}

function plain(marked: string): string {
  return marked.startsWith('#') ? marked.slice(1) : marked
}

function fieldOf(raw: Raw, marked: string): Digits | null {
  const value = raw[plain(marked)]
  if (typeof value !== 'string' || !value.startsWith('0x')) return null
  const digits = value.slice(2)
  return marked.startsWith('#') ? rlpNumber(digits) : digits
}
