import { type Abi, type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import { readArtifact } from './artifact.ts'
import { readSafeArtifact } from './readSafeArtifact.ts'
import type { Bound } from './send.ts'

/** The contracts by the names that the demo's config gives them. */
const artifacts = {
  dusd: 'DemoDollar',
  votes: 'AcmeToken',
  vault: 'AcmeVault',
  pair: 'AcmePair',
  feed: 'AcmeFeed',
  market: 'AcmeMarket',
  rewards: 'AcmeRewards',
  governor: 'AcmeGovernor',
  timelock: 'TimelockController',
} as const

export type ContractName = keyof typeof artifacts | 'treasury'

/** People and programs with an account on the demo chain; all unlocked there. */
export type Accounts = {
  deployer: Hex
  /** Holds DEFAULT_ADMIN_ROLE of the vault: a hot key, as it should not be. Also owns the feed. */
  admin: Hex
  upgrader: Hex
  /** May pause vault and market. */
  guardian: Hex
  strategist: Hex
  /** The program that refreshes the feed and drips the rewards. */
  keeper: Hex
  /** Owners of the treasury Safe; two must sign. */
  signers: readonly [Hex, Hex, Hex]
  voters: readonly Hex[]
  users: readonly Hex[]
  thief: Hex
}

export type Addresses = Record<ContractName, Hex>

export type Protocol = {
  contracts: Record<ContractName, Bound>
  accounts: Accounts
  /** The ids of the vault's roles. */
  roles: Record<'admin' | 'guardian' | 'strategist' | 'upgrader', Hex>
}

const roleId = (name: string) => keccak256(stringToHex(name))

export const roles: Protocol['roles'] = {
  admin: zeroHash,
  guardian: roleId('GUARDIAN_ROLE'),
  strategist: roleId('STRATEGIST_ROLE'),
  upgrader: roleId('UPGRADER_ROLE'),
}

/** The protocol that stands at these addresses. */
export function bindProtocol(addresses: Addresses, accounts: Accounts): Protocol {
  const bind = (name: keyof typeof artifacts): Bound => ({
    address: addresses[name],
    abi: readArtifact(artifacts[name]).abi,
  })
  const treasuryAbi: Abi = readSafeArtifact('Safe').abi
  return {
    contracts: {
      dusd: bind('dusd'),
      votes: bind('votes'),
      vault: bind('vault'),
      pair: bind('pair'),
      feed: bind('feed'),
      market: bind('market'),
      rewards: bind('rewards'),
      governor: bind('governor'),
      timelock: bind('timelock'),
      treasury: { address: addresses.treasury, abi: treasuryAbi },
    },
    accounts,
    roles,
  }
}

/** Hands out the chain's accounts, in their order. */
export function assignAccounts(addresses: readonly Hex[]): Accounts {
  const at = (index: number): Hex => {
    const address = addresses[index]
    if (!address) throw new Error(`The chain has ${addresses.length} accounts, the demo needs ${index + 1}.`)
    return address.toLowerCase() as Hex
  }
  return {
    deployer: at(0),
    admin: at(1),
    upgrader: at(2),
    guardian: at(guardianIndex),
    strategist: at(4),
    keeper: at(5),
    signers: [at(6), at(7), at(8)],
    voters: [at(9), at(10), at(11)],
    users: [at(12), at(13), at(14), at(15), at(16), at(17)],
    thief: at(18),
  }
}

/** Which account of the mnemonic the guardian is. */
export const guardianIndex = 3
