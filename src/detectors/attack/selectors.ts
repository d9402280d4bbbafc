import type { Hex } from '../../model/chain.ts'

/** Functions by which lenders, pairs and tokens call whoever uses them: to be called by one is the ordinary road. */
export const callbackSelectors: ReadonlyMap<Hex, string> = new Map([
  ['0x920f5c84', 'Aave flash loan'],
  ['0x1b11d0ff', 'Aave simple flash loan'],
  ['0xf04f2707', 'Balancer flash loan'],
  ['0x10d1e85c', 'Uniswap v2 flash swap'],
  ['0x84800812', 'Pancake v2 flash swap'],
  ['0xe9cbafb0', 'Uniswap v3 flash'],
  ['0xfa461e33', 'Uniswap v3 swap'],
  ['0xd3487997', 'Uniswap v3 mint'],
  ['0x23a69e75', 'Pancake v3 swap'],
  ['0xa1d48336', 'Pancake v3 flash'],
  ['0x31f57072', 'Morpho flash loan'],
  ['0x23e30c8b', 'ERC-3156 flash loan'],
  ['0x8b418713', 'dYdX operation'],
  ['0x7ed1f1dd', 'DODO flash loan'],
  ['0xeb2021c3', 'DODO flash loan'],
  ['0x91dd7346', 'Uniswap v4 unlock'],
])

/** Hooks of the token standards: a recipient is told that something has come. */
export const hookSelectors: ReadonlySet<Hex> = new Set<Hex>([
  '0x150b7a02', // onERC721Received
  '0xf23a6e61', // onERC1155Received
  '0xbc197c81', // onERC1155BatchReceived
  '0x0023de29', // ERC-777 tokensReceived
  '0x75ab9782', // ERC-777 tokensToSend
  '0x88a7ca5c', // ERC-1363 onTransferReceived
  '0xa4c0ed36', // ERC-677 onTokenTransfer
])

/** Functions whose business it is to run the calls of others, who then call back: being entered again is their use. */
export const executorSelectors: ReadonlySet<Hex> = new Set<Hex>([
  '0x6a761202', // Safe execTransaction
  '0x468721a7', // Safe execTransactionFromModule
  '0x5229073f', // Safe execTransactionFromModuleReturnData
  '0x134008d3', // timelock execute
  '0xe38335e5', // timelock executeBatch
  '0x2656227d', // Governor execute
  '0xfe0d94c1', // Governor Bravo execute
  '0x1fad948c', // ERC-4337 handleOps
  '0x765e827f', // ERC-4337 v0.7 handleOps
  '0x48c89491', // unlock(bytes)
  '0xf83d08ba', // lock()
])

/** Functions of ERC-20 that everybody calls at any time. */
export const tokenSelectors: ReadonlySet<Hex> = new Set<Hex>([
  '0xa9059cbb', // transfer
  '0x23b872dd', // transferFrom
  '0x095ea7b3', // approve
  '0x39509351', // increaseAllowance
  '0xd505accf', // permit
])

/** By which tokens are sent, and whose they are: the caller's, or those of the account named first. */
export const sendSelectors: ReadonlyMap<Hex, 'caller' | 'named'> = new Map([
  ['0xa9059cbb', 'caller'], // transfer
  ['0x23b872dd', 'named'], // transferFrom
  ['0x42842e0e', 'named'], // safeTransferFrom of ERC-721
  ['0xf242432a', 'named'], // safeTransferFrom of ERC-1155
])

/** Views by which others price what a contract stands for. */
export const pricingSelectors: ReadonlySet<Hex> = new Set<Hex>([
  '0xbb7b8b80', // get_virtual_price
  '0x679aefce', // getRate
  '0x01e1d114', // totalAssets
  '0x07a2d13a', // convertToAssets
  '0x0902f1ac', // getReserves
  '0x99530b06', // pricePerShare
  '0x77c7b8fc', // getPricePerFullShare
  '0x3ba0b9a9', // exchangeRate
  '0x182df0f5', // exchangeRateStored
  '0x50d25bcd', // latestAnswer
  '0xfeaf968c', // latestRoundData
  '0x98d5fdca', // getPrice
  '0xa035b1fe', // price
  '0x18160ddd', // totalSupply
])

/** Views that change nothing, however they are called. */
export const viewSelectors: ReadonlySet<Hex> = new Set<Hex>([
  '0x70a08231', // balanceOf
  '0xdd62ed3e', // allowance
  '0x313ce567', // decimals
])
