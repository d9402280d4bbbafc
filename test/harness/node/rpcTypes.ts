import type { Address, Hex } from '../../../src/model/chain.ts'
import type { SomeCall } from './someCall.ts'

/** The shapes in which a node answers: every quantity and every blob is a hex string. */
export type RpcLog = {
  address: Address
  topics: Hex[]
  data: Hex
  blockHash: Hex
  blockNumber: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
  removed: boolean
  /** Newer nodes only, here as in transactions. */
  blockTimestamp?: Hex
}

export type RpcTransaction = {
  hash: Hex
  blockHash: Hex
  blockNumber: Hex
  transactionIndex: Hex
  from: Address
  to: Address | null
  value: Hex
  input: Hex
  nonce: Hex
  gas: Hex
  gasPrice?: Hex
  type: Hex
  blockTimestamp?: Hex
}

export type RpcReceipt = {
  transactionHash: Hex
  transactionIndex: Hex
  blockHash: Hex
  blockNumber: Hex
  from: Address
  to: Address | null
  contractAddress: Address | null
  cumulativeGasUsed: Hex
  gasUsed: Hex
  effectiveGasPrice: Hex
  logs: RpcLog[]
  logsBloom: Hex
  type: Hex
  /** One of the two: `root` before Byzantium, `status` since. */
  status?: Hex
  root?: Hex
}

/** What the block hash is taken over, with the fields that later forks appended as far as the block has them. */
export type RpcHeader = {
  number: Hex
  parentHash: Hex
  sha3Uncles: Hex
  miner: Address
  stateRoot: Hex
  transactionsRoot: Hex
  receiptsRoot: Hex
  logsBloom: Hex
  difficulty: Hex
  gasLimit: Hex
  gasUsed: Hex
  timestamp: Hex
  extraData: Hex
  mixHash: Hex
  nonce: Hex
  baseFeePerGas?: Hex
  withdrawalsRoot?: Hex
  blobGasUsed?: Hex
  excessBlobGas?: Hex
  parentBeaconBlockRoot?: Hex
  requestsHash?: Hex
}

export type RpcBlock = RpcHeader & { hash: Hex; size: Hex; uncles: Hex[]; transactions: RpcTransaction[] }

/** One block as the test node holds it. `block` and `receipts` may be getters: long chains build them when asked. */
export type ServedBlock = {
  readonly number: number
  readonly hash: Hex
  readonly parentHash: Hex
  readonly timestamp: number
  /** With whole transactions. */
  readonly block: RpcBlock
  readonly receipts: RpcReceipt[]
  /** What happens inside each transaction; absent: nothing inside any. */
  readonly calls?: readonly (readonly SomeCall[])[]
}
