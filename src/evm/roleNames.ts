import { keccak256, toHex } from 'viem/utils'
import type { Hex } from '../model/chain.ts'

/** Those of Aave's ACLManager, which end in no `_ROLE`. */
const marketRoles = ['POOL_ADMIN', 'EMERGENCY_ADMIN', 'RISK_ADMIN', 'FLASH_BORROWER', 'BRIDGE', 'ASSET_LISTING_ADMIN']

const commonRoles = [
  ...['ADMIN', 'MINTER', 'BURNER', 'PAUSER', 'UNPAUSER', 'GUARDIAN', 'UPGRADER', 'OPERATOR', 'MANAGER', 'KEEPER'],
  ...['STRATEGIST', 'GOVERNOR', 'GOVERNANCE', 'EMERGENCY', 'PROPOSER', 'EXECUTOR', 'CANCELLER', 'TIMELOCK_ADMIN'],
  ...['RELAYER', 'SNAPSHOT', 'WITHDRAWER', 'DEPOSITOR', 'REBALANCER', 'ORACLE', 'BLACKLISTER', 'RESCUER'],
].map((name) => `${name}_ROLE`)

/** Names of the roles that contracts of AccessControl use most, by the hash that stands for them on chain. */
export const roleNames: ReadonlyMap<Hex, string> = new Map<Hex, string>([
  [`0x${'0'.repeat(64)}`, 'DEFAULT_ADMIN_ROLE'],
  ...[...commonRoles, ...marketRoles].map((name): [Hex, string] => [keccak256(toHex(name)), name]),
])
