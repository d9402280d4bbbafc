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

/** One call inside a transaction: what one account did to another, as an execution trace tells it. */
export type Call = {
  transactionHash: Hex
  transactionIndex: number
  /** Position among the calls of its transaction, each before those that it makes; 0 is the transaction itself. */
  position: number
  /** How many calls stand around it; 0 for the transaction itself. */
  depth: number
  /** `create`: CREATE and CREATE2, which not every provider tells apart. */
  kind: 'call' | 'staticcall' | 'delegatecall' | 'callcode' | 'create' | 'selfdestruct'
  from: Address
  /** What was called or created, or gets what is left; null: a creation that failed. */
  to: Address | null
  /** In wei: what moves from `from` to `to`. A delegatecall moves nothing, though it sees the value of the call around it. */
  value: bigint
  /** Calldata, or the code that creates. */
  input: Hex
  /** What came back, or the code that was created; `0x` also where the provider does not tell, as of failed calls. */
  output: Hex
  /** Null: the provider does not tell. */
  gasUsed: bigint | null
  /** Why it failed; null: it did not. */
  error: string | null
  /** It or a call around it failed: nothing of it took effect. */
  reverted: boolean
}

/**
 * The calls of one transaction in the order in which they were made, or why nobody knows them. `lasting`: asking again
 * is of no use.
 */
export type Trace = { ok: true; calls: readonly Call[] } | { ok: false; reason: string; lasting: boolean }

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
  /** By transaction hash, of the transactions whose calls a monitor asked for. */
  traces?: ReadonlyMap<Hex, Trace>
}
