import { asList, asObject, type Raw } from '../parseHex.ts'
import { envelopeType } from './envelopeType.ts'
import { type Digits, digitsOf, encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

/** More entries in an access list, or blobs, or authorizations, than the gas of any block pays for. */
const listMax = 100_000

type Field = (raw: Raw) => RlpItem | null

const data =
  (name: string) =>
  (raw: Raw): Digits | null =>
    typeof raw[name] === 'string' ? digitsOf(raw[name], `hex as ${name} of a transaction`) : null
const number = (name: string): Field => {
  const read = data(name)
  return (raw) => {
    const digits = read(raw)
    return digits === null ? null : rlpNumber(digits)
  }
}
/** Creates a contract where it is null. */
const to: Field = (raw) => data('to')(raw) ?? ''
const parity: Field = (raw) => number('yParity')(raw) ?? number('v')(raw)

const hexList = (value: unknown, what: string): Digits[] =>
  asList(value, what, listMax).map((item) => digitsOf(item, what))

const accessList: Field = (raw) =>
  asList(raw.accessList ?? [], 'an access list', listMax).map((item) => {
    const { address, storageKeys } = asObject(item, 'an entry of an access list')
    return [digitsOf(address, 'an address of an access list'), hexList(storageKeys, 'the keys of an access list')]
  })
const blobHashes: Field = (raw) => hexList(raw.blobVersionedHashes, 'the blobs of a transaction')
const authorizations: Field = (raw) =>
  asList(raw.authorizationList, 'the authorizations of a transaction', listMax).map((item) => {
    const authorization = asObject(item, 'an authorization')
    const fields = [number('chainId'), data('address'), number('nonce'), parity, number('r'), number('s')]
    return fields.map((field) => field(authorization) ?? '')
  })

const call = [number('gas'), to, number('value'), data('input')]
const signature = [parity, number('r'), number('s')]
const fees = [number('maxPriorityFeePerGas'), number('maxFeePerGas')]
const isSystem: Field = (raw) => (raw.isSystemTx === true ? '01' : '')
const mint: Field = (raw) => number('mint')(raw) ?? ''

/** Of the OP stack: it is signed by nobody. */
const deposit = 0x7e

/** The fields of a transaction by its type, as EIP-2718, 2930, 1559, 4844, 7702 and the OP stack's deposits have them. */
const fieldsByType: Record<number, readonly Field[]> = {
  0: [number('nonce'), number('gasPrice'), ...call, number('v'), number('r'), number('s')],
  1: [number('chainId'), number('nonce'), number('gasPrice'), ...call, accessList, ...signature],
  2: [number('chainId'), number('nonce'), ...fees, ...call, accessList, ...signature],
  3: [
    ...[number('chainId'), number('nonce'), ...fees, ...call, accessList],
    ...[number('maxFeePerBlobGas'), blobHashes, ...signature],
  ],
  4: [number('chainId'), number('nonce'), ...fees, ...call, accessList, authorizations, ...signature],
  [deposit]: [data('sourceHash'), data('from'), to, mint, number('value'), number('gas'), isSystem, data('input')],
}

/**
 * The signed bytes of a transaction as a node gives it: their hash is the transaction's own, and the root over those of
 * a block stands in its header. Null where they cannot be known: an unknown type, a field that is not there, or no true
 * signature, as with the transactions that a development chain makes up for an account whose key it does not have.
 * @throws {RpcError} A field is not what it must be.
 */
export function transactionBytes(raw: Raw): Digits | null {
  const type = envelopeType(raw)
  const fields = Object.hasOwn(fieldsByType, type) ? fieldsByType[type]! : null
  if (!fields || (type !== deposit && isNought(raw.r) && isNought(raw.s))) return null
  const items: RlpItem[] = []
  for (const field of fields) {
    const item = field(raw)
    if (item === null) return null
    items.push(item)
  }
  return encodeRlp(items, type)
}

const isNought = (value: unknown): boolean => typeof value === 'string' && /^0x0*$/.test(value)
