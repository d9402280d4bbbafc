/** What differs between chains and is the same for everybody: explorer, and blocks until an alert counts as confirmed. */
export const knownChains: ReadonlyMap<number, { explorer: string; confirmations: number }> = new Map([
  [1, { explorer: 'https://etherscan.io', confirmations: 2 }],
  [10, { explorer: 'https://optimistic.etherscan.io', confirmations: 5 }],
  [56, { explorer: 'https://bscscan.com', confirmations: 5 }],
  [100, { explorer: 'https://gnosisscan.io', confirmations: 2 }],
  [137, { explorer: 'https://polygonscan.com', confirmations: 10 }],
  [8453, { explorer: 'https://basescan.org', confirmations: 5 }],
  [42161, { explorer: 'https://arbiscan.io', confirmations: 20 }],
  [43114, { explorer: 'https://snowtrace.io', confirmations: 2 }],
  [11155111, { explorer: 'https://sepolia.etherscan.io', confirmations: 2 }],
])
