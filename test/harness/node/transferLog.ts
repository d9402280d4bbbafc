import type { Address } from '../../../src/model/chain.ts'
import { event, type SomeLog } from './block.ts'

/** The log of an ERC-20 transfer. */
export const transferLog = (token: Address, args: { from: Address; to: Address; value: bigint }): SomeLog =>
  event('event Transfer(address indexed from, address indexed to, uint256 value)', token, args)
