/** What an RPC provider publishes of what it charges for a call. Tables change: the provider's own page decides. */
export type PriceTable = {
  provider: string
  /** A host is the provider's that is one of these, or ends in a dot and one of these. */
  hosts: readonly string[]
  /** What it counts in, in the plural. */
  unit: string
  /** The page with the table. */
  source: string
  /** The day on which we read a stored copy of that page; the copies bear no date of their own. */
  read: string
  /** Units for one call, by method; `debug_*` stands for all methods that begin so and have no row of their own. */
  prices: Readonly<Record<string, number>>
  /** Units for any other call, where the provider names a price for these; null: it does not. Heads told are no calls. */
  otherwise: number | null
  /** Chains, by id, on which every call costs so many times as much. */
  factors?: Readonly<Record<number, number>>
}

/**
 * Left out is what a page does not say, a plan's discount, and a fee per byte. Some charge more for blocks older than
 * about 127, which watching reads only when it catches up.
 */
export const priceTables: readonly PriceTable[] = [
  {
    provider: 'Alchemy',
    hosts: ['alchemy.com', 'alchemyapi.io'],
    unit: 'compute units',
    source: 'https://www.alchemy.com/docs/reference/compute-unit-costs',
    read: '2026-11-25',
    // Told heads are charged by the byte.
    prices: {
      eth_chainId: 0,
      eth_blockNumber: 10,
      eth_subscribe: 10,
      eth_call: 26,
      eth_getBalance: 20,
      eth_getBlockByHash: 20,
      eth_getBlockByNumber: 20,
      eth_getBlockReceipts: 20,
      eth_getCode: 20,
      eth_getStorageAt: 20,
      eth_getTransactionReceipt: 20,
      debug_traceBlockByHash: 40,
      debug_traceBlockByNumber: 40,
      debug_traceTransaction: 40,
      trace_block: 20,
      trace_transaction: 40,
      trace_replayBlockTransactions: 80,
    },
    otherwise: null,
  },
  {
    provider: 'Ankr',
    hosts: ['rpc.ankr.com'],
    unit: 'API credits',
    source: 'https://www.ankr.com/docs/rpc-service/pricing/',
    read: '2026-11-25',
    prices: { eth_subscription: 100 },
    otherwise: 200,
  },
  {
    provider: 'Chainstack',
    hosts: ['core.chainstack.com', 'p2pify.com'],
    unit: 'request units',
    source: 'https://docs.chainstack.com/docs/request-units',
    read: '2026-11-25',
    prices: { 'debug_*': 2, 'trace_*': 2, eth_subscription: 1 },
    otherwise: 1,
  },
  {
    provider: 'dRPC',
    hosts: ['drpc.org', 'drpc.live'],
    unit: 'compute units',
    source: 'https://drpc.org/docs/pricing/compute-units',
    read: '2026-11-25',
    // One price for all but a few, since a 2 June that the page gives no year of.
    prices: { eth_chainId: 0, eth_subscription: 20 },
    otherwise: 20,
  },
  {
    provider: 'Infura',
    hosts: ['infura.io'],
    unit: 'credits',
    source: 'https://docs.metamask.io/services/get-started/pricing/credit-cost/',
    read: '2026-11-25',
    // "The batch call itself" is charged too, it says, and not how much.
    prices: {
      eth_chainId: 5,
      eth_subscribe: 5,
      // Of `newHeads`.
      eth_subscription: 50,
      eth_getBlockReceipts: 1000,
      trace_block: 300,
      trace_transaction: 300,
      debug_traceBlockByHash: 1000,
      debug_traceBlockByNumber: 1000,
      debug_traceTransaction: 1000,
    },
    otherwise: 80,
  },
  {
    provider: 'QuickNode',
    hosts: ['quiknode.pro'],
    unit: 'API credits',
    source: 'https://www.quicknode.com/api-credits/blast',
    read: '2026-11-25',
    prices: { 'debug_*': 40, 'trace_*': 40, trace_replayBlockTransactions: 80, trace_replayTransaction: 80 },
    otherwise: 20,
    // The same table stands on the page of every chain. Abstract, Gnosis, Immutable, Scroll, zkSync; Celo, Fantom; Fuse, Monad, Polygon zkEVM. A chain that the page does
    // not name is taken to cost what most do.
    factors: {
      2741: 1.5,
      100: 1.5,
      13371: 1.5,
      534352: 1.5,
      324: 1.5,
      42220: 2,
      250: 2,
      122: 2.5,
      143: 2.5,
      1101: 2.5,
    },
  },
  {
    provider: 'Tenderly',
    hosts: ['gateway.tenderly.co'],
    unit: 'Tenderly units',
    source: 'https://docs.tenderly.co/node-rpc/pricing',
    read: '2026-11-25',
    prices: {
      eth_blockNumber: 1,
      eth_chainId: 1,
      eth_call: 4,
      eth_getBalance: 1,
      eth_getBlockByHash: 1,
      eth_getBlockByNumber: 1,
      eth_getBlockReceipts: 1,
      eth_getCode: 1,
      eth_getStorageAt: 1,
      eth_getTransactionReceipt: 1,
      'debug_*': 40,
      'trace_*': 40,
    },
    otherwise: null,
  },
]
