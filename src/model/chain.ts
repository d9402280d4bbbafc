export type Hex = `0x${string}`
/** Always lower case inside Tocsin; checksummed where it is shown. */
export type Address = Hex

export type Log = {
  address: Address
  topics: Hex[]
  data: Hex
  /** Position in the block. A reorg may change it. */
  logIndex: number
  /** Position among the logs of its transaction. A reorg that takes the transaction along keeps it. */
  position: number
  transactionHash: Hex
  transactionIndex: number
}

export type Transaction = {
  hash: Hex
  index: number
  from: Address
  /** Null: the transaction creates a contract. */
  to: Address | null
  /** In wei. */
  value: bigint
  input: Hex
  nonce: number
  gas: bigint
}

export type Receipt = {
  transactionHash: Hex
  transactionIndex: number
  /** `unknown`: a block before Byzantium, whose receipts hold a state root instead of a status. */
  status: 'success' | 'reverted' | 'unknown'
  from: Address
  to: Address | null
  contractAddress: Address | null
  gasUsed: bigint
  /** In wei per unit of gas. */
  effectiveGasPrice: bigint
  logs: Log[]
}

export type BlockHeader = {
  number: number
  hash: Hex
  parentHash: Hex
  /** Unix time in seconds. */
  timestamp: number
  logsBloom: Hex
  /** What the receipts must hash to; absent where the provider does not tell. */
  receiptsRoot?: Hex
}

/** One block as it was read: its header, its transactions, and what became of them. */
export type Block = BlockHeader & {
  transactions: Transaction[]
  /** In the order of `transactions`. Null: not fetched, because nothing in the block can interest any monitor. */
  receipts: Receipt[] | null
}
