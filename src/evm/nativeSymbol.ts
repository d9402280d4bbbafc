const symbols: Record<number, string> = { 56: 'BNB', 100: 'xDAI', 137: 'POL', 250: 'FTM', 43114: 'AVAX' }

/** What a chain calls its own coin. */
export const nativeSymbol = (chainId: number): string => symbols[chainId] ?? 'ETH'
