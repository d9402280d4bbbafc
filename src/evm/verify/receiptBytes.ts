import { asObject, malformed, type Raw } from '../parseHex.ts'
import { envelopeType } from './envelopeType.ts'
import { type Digits, digitsOf, encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

const opDeposit = 0x7e
/**
 * Types whose receipts are built like those of Ethereum: 1 to 4 are Ethereum's, 0x64 to 0x6a those of Arbitrum Nitro
 * (deposit, unsigned, contract, retry, submit retryable, internal). What Celo (0x7b), zkSync (0x71, 0xff) or anybody
 * after them hashes is not among them.
 */
const plainTypes = new Set([0, 1, 2, 3, 4, 0x64, 0x65, 0x66, 0x68, 0x69, 0x6a, opDeposit])

/**
 * The bytes that a receipt, as a node gives it, has in the trie whose root stands in the header of its block.
 * Null where they cannot be known: a type that we have no rule for, a field that the node leaves out, or a receipt that
 * the node made up for what is no transaction (Polygon's state sync: from nobody, and not in the trie).
 * @throws {RpcError} A field is not what it must be.
 */
export function receiptBytes(raw: Raw): Digits | null {
  const { status, root, cumulativeGasUsed, logsBloom, logs } = raw
  const type = envelopeType(raw)
  if (
    !plainTypes.has(type) ||
    (status ?? root) == null ||
    cumulativeGasUsed == null ||
    logsBloom == null ||
    logs == null
  ) {
    return null
  }
  if (isNobody(raw.from)) return null
  if (!Array.isArray(logs)) throw malformed('the logs of a receipt', logs)
  const result = status == null ? hexIn(root) : rlpNumber(hexIn(status))
  const fields = [result, rlpNumber(hexIn(cumulativeGasUsed)), hexIn(logsBloom), logs.map(logItem)]
  if (type !== opDeposit || raw.depositReceiptVersion == null) return encodeRlp(fields, type)
  // Before Canyon the nonce was given but not hashed; the version came with the nonce into the hash.
  if (raw.depositNonce == null) return null
  const deposit = [rlpNumber(hexIn(raw.depositNonce)), rlpNumber(hexIn(raw.depositReceiptVersion))]
  return encodeRlp([...fields, ...deposit], type)
}

function logItem(raw: unknown): RlpItem {
  const { address, topics, data } = asObject(raw, 'a log')
  if (!Array.isArray(topics)) throw malformed('the topics of a log', topics)
  return [hexIn(address), topics.map(hexIn), hexIn(data ?? '0x')]
}

const isNobody = (from: unknown): boolean => typeof from === 'string' && /^0x0{40}$/.test(from)

const hexIn = (value: unknown): Digits => digitsOf(value, 'hex in a receipt')
