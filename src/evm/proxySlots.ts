import { keccak256, toHex } from 'viem/utils'
import type { Hex } from '../model/chain.ts'

/** ERC-1967: one less than the hash, so that no mapping or array can lie there. */
const slot1967 = (name: string): Hex => toHex(BigInt(keccak256(toHex(name))) - 1n, { size: 32 })

/** Where proxies keep whose code they run, and who may change that. */
export const proxySlots = {
  implementation: slot1967('eip1967.proxy.implementation'),
  beacon: slot1967('eip1967.proxy.beacon'),
  admin: slot1967('eip1967.proxy.admin'),
  legacyImplementation: keccak256(toHex('org.zeppelinos.proxy.implementation')),
  /** ERC-1822. */
  proxiable: keccak256(toHex('PROXIABLE')),
} as const satisfies Record<string, Hex>
