import { keccak256, toRlp } from 'viem'
import type { Hex } from '../../../src/model/chain.ts'
import { quantity } from './receiptsRoot.ts'
import type { RpcHeader } from './rpcTypes.ts'

/** The hash that consensus gives to a header: keccak over the RLP of its fields, later forks' fields last. */
export function headerHash(header: RpcHeader): Hex {
  const fields: Hex[] = [
    header.parentHash,
    header.sha3Uncles,
    header.miner,
    header.stateRoot,
    header.transactionsRoot,
    header.receiptsRoot,
    header.logsBloom,
    quantity(header.difficulty),
    quantity(header.number),
    quantity(header.gasLimit),
    quantity(header.gasUsed),
    quantity(header.timestamp),
    header.extraData,
    header.mixHash,
    header.nonce,
  ]
  if (header.baseFeePerGas !== undefined) fields.push(quantity(header.baseFeePerGas))
  if (header.withdrawalsRoot !== undefined) fields.push(header.withdrawalsRoot)
  if (header.blobGasUsed !== undefined) fields.push(quantity(header.blobGasUsed))
  if (header.excessBlobGas !== undefined) fields.push(quantity(header.excessBlobGas))
  if (header.parentBeaconBlockRoot !== undefined) fields.push(header.parentBeaconBlockRoot)
  if (header.requestsHash !== undefined) fields.push(header.requestsHash)
  return keccak256(toRlp(fields))
}
