import type { Hex } from '../../model/chain.ts'
import { asList, asObject, type Raw } from '../parseHex.ts'
import { encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

/** More entries in an access list, or blobs, or authorizations, than the gas of any block pays for. */
const listMax = 100_000

type Field = (raw: Raw) => RlpItem | null

const data =
  (name: string): Field =>
  (raw) =>
    typeof raw[name] === 'string' ? (raw[name] as Hex) : null
const number =
  (name: string): Field =>
  (raw) =>
    typeof raw[name] === 'string' ? rlpNumber(raw[name] as Hex) : null
/** Creates a contract where it is null. */
const to: Field = (raw) => (raw.to == null ? '0x' : (raw.to as Hex))
const parity: Field = (raw) => number('yParity')(raw) ?? number('v')(raw)

const accessList: Field = (raw) =>
  asList(raw.accessList ?? [], 'an access list', listMax).map((item) => {
    const { address, storageKeys } = asObject(item, 'an entry of an access list')
    return [address as Hex, asList(storageKeys, 'the keys of an access list', listMax) as Hex[]]
  })
const blobHashes: Field = (raw) => asList(raw.blobVersionedHashes, 'the blobs of a transaction', listMax) as Hex[]
const authorizations: Field = (raw) =>
  asList(raw.authorizationList, 'the authorizations of a transaction', listMax).map((item) => {
    const authorization = asObject(item, 'an authorization')
    const fields = [number('chainId'), data('address'), number('nonce'), parity, number('r'), number('s')]
    return fields.map((field) => field(authorization) ?? '0x')
  })

const call = [number('gas'), to, number('value'), data('input')]
const signature = [parity, number('r'), number('s')]
const fees = [number('maxPriorityFeePerGas'), number('maxFeePerGas')]
const isSystem: Field = (raw) => (raw.isSystemTx === true ? '0x01' : '0x')
const mint: Field = (raw) => number('mint')(raw) ?? '0x'

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
  126: [data('sourceHash'), data('from'), to, mint, number('value'), number('gas'), isSystem, data('input')],
}

/**
 * The signed bytes of a transaction as a node gives it: their hash is the transaction's own, and the root over those of
 * a block stands in its header. Null where they cannot be known: an unknown type, or a field that is not there.
 * @throws {RpcError} A field is not what it must be.
 */
export function transactionBytes(raw: Raw): Uint8Array | null {
  const type = raw.type == null ? 0 : Number(raw.type)
  const fields = Object.hasOwn(fieldsByType, type) ? fieldsByType[type]! : null
  if (!fields) return null
  const items: RlpItem[] = []
  for (const field of fields) {
    const item = field(raw)
    if (item === null) return null
    items.push(item)
  }
  return encodeRlp(items, type)
}
