import { keccak256, toHex } from 'viem'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { headerHash } from './headerHash.ts'
import type { RpcHeader } from './rpcTypes.ts'

type HeaderFields = {
  number: number
  parentHash: Hex
  /** Unix time in seconds. */
  timestamp: number
  transactionsRoot: Hex
  receiptsRoot: Hex
  logsBloom: Hex
  gasUsed: Hex
  /** Sets two blocks with the same contents apart. At most 32 bytes. */
  salt?: string
  miner?: Address
}

export const zeroHash: Hex = `0x${'0'.repeat(64)}`
const noUncles: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const emptyTrie: Hex = keccak256('0x80')

/** A header as blocks have had it since Dencun, with its true hash. Only the state root is made up. */
export function sealHeader({ salt = '', miner, ...fields }: HeaderFields): RpcHeader & { hash: Hex } {
  const header: RpcHeader = {
    number: toHex(fields.number),
    parentHash: fields.parentHash,
    sha3Uncles: noUncles,
    miner: miner ?? '0x0000000000000000000000000000000000c0ffee',
    stateRoot: keccak256(toHex(`state ${fields.number} ${salt}`)),
    transactionsRoot: fields.transactionsRoot,
    receiptsRoot: fields.receiptsRoot,
    logsBloom: fields.logsBloom,
    difficulty: '0x0',
    gasLimit: toHex(30_000_000),
    gasUsed: fields.gasUsed,
    timestamp: toHex(fields.timestamp),
    extraData: toHex(salt),
    mixHash: zeroHash,
    nonce: '0x0000000000000000',
    baseFeePerGas: toHex(7_000_000_000),
    withdrawalsRoot: emptyTrie,
    blobGasUsed: '0x0',
    excessBlobGas: '0x0',
    parentBeaconBlockRoot: zeroHash,
  }
  return { ...header, hash: headerHash(header) }
}
