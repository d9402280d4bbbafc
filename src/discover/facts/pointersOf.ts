import { toFunctionSelector } from 'viem/utils'
import type { Address, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { addressesOf, addressOf, dataOf } from './answerOf.ts'
import type { Answers } from './askState.ts'
import { addressesIn, holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'

/**
 * That a contract names another address. `power`: who stands there has power over it. `value`: what it holds or how it is
 * priced lies there. `use`: it calls it, or keeps it for something.
 */
export type Pointer = {
  from: Address
  to: Address
  kind: 'power' | 'value' | 'use'
  /** What it is to the contract, such as `owner` or `priceOracle`; fit for a name. Null: only its address was found. */
  name: string | null
  /** Such as `owner()` or `its code`. */
  where: string
}

/** Where an address stands that is a constant. */
export const inCode = 'its code'
/** It was seen to ask there, wherever the address stands. */
export const inUse = 'its calls of late'

/** What contracts call those who work for them without being asked. */
export const serviceWords = [
  ...['keeper', 'relayer', 'operator', 'executor', 'attester', 'reporter', 'transmitter', 'sequencer', 'custodian'],
  ...['liquidator', 'validator', 'updater', 'publisher', 'harvester', 'rebalancer', 'allocator', 'strategist', 'bot'],
]

/** Functions without arguments by which contracts name what they rely on. */
const furtherUses = [
  ...['verifier', 'mailbox', 'lzEndpoint', 'gateway', 'inbox', 'outbox', 'portal', 'escrow', 'minter', 'burner'],
  ...['hook', 'module', 'resolver', 'swapRouter', 'gauge', 'distributor', 'rewardsController', 'converter', 'zap'],
]
const getters: Record<Pointer['kind'], readonly string[]> = {
  power: [
    'admin',
    'governance',
    'governor',
    'gov',
    'guardian',
    'pauser',
    'controller',
    'manager',
    'keeper',
    'timelock',
    ...serviceWords.filter((word) => word !== 'keeper'),
    // Who may do what is kept elsewhere, or in a book of addresses that names where.
    ...['addressesProvider', 'addressProvider', 'ADDRESSES_PROVIDER', 'ACLManager', 'aclManager', 'accessController'],
    ...['accessControlManager', 'roleManager', 'rolesAuthority', 'authorizer', 'poolConfigurator', 'configurator'],
  ],
  value: [
    ...['oracle', 'priceOracle', 'getPriceOracle', 'priceFeed', 'feed', 'aggregator', 'dataFeed', 'rateProvider'],
    ...['token', 'underlying', 'UNDERLYING_ASSET_ADDRESS', 'stakingToken', 'rewardToken', 'collateralToken'],
    ...[
      'sequencerUptimeFeed',
      'sequencerFeed',
      'priceProvider',
      'priceSource',
      'oracleAdapter',
      'interestRateModel',
      'rateModel',
      'adapter',
      'wrapper',
    ],
    ...['loanToken', 'debtToken', 'want', 'stETH', 'WETH', 'weth', 'pair', 'lpToken', 'pool', 'POOL', 'strategy'],
  ],
  use: [
    'factory',
    'router',
    'bridge',
    'messenger',
    'endpoint',
    'vault',
    'comptroller',
    'treasury',
    'registry',
    ...furtherUses,
  ],
}
/** Others call the same getter so: `getGuardian`, `guardianAddress`, `getGuardianAddress`. */
const spellings = [
  (name: string) => name,
  (name: string) => `get${capital(name)}`,
  (name: string) => `${name}Address`,
  (name: string) => `get${capital(name)}Address`,
]
const capital = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1)
const named = Object.entries(getters).flatMap(([kind, names]) =>
  spellings.flatMap((spelling) =>
    names.map((name) => {
      const getter = spelling(name)
      return { kind: kind as Pointer['kind'], name: getter, selector: toFunctionSelector(`${getter}()`) }
    }),
  ),
)

/** Functions that list what a market lends or holds. */
const lists = ['getReservesList', 'getAllMarkets', 'getAssets', 'getPoolTokens'].map((name) => ({
  name,
  selector: toFunctionSelector(`${name}()`),
}))
const listedMax = 12

/** Slots of the storage that are looked at: the variables that a contract declares first. */
const slotsMax = 24
const inCodeMax = 32

const getterRead = (to: Address, selector: Hex): Read => ({ at: 'block', kind: 'call', to, data: selector })
const slotRead = (of: Address, slot: number): Read => {
  return { at: 'block', kind: 'storage', of, slot: `0x${slot.toString(16).padStart(64, '0')}` }
}
const slots = Array.from({ length: slotsMax }, (_, slot) => slot)
const spoken = ({ codes }: ContractFacts) => named.filter(({ selector }) => codes.some((code) => holds(code, selector)))

const listing = ({ codes }: ContractFacts) =>
  lists.filter(({ selector }) => codes.some((code) => holds(code, selector)))

/** What must be asked of a contract to know whom it names. */
export function pointerReads(facts: ContractFacts): Read[] {
  if (facts.form !== 'contract') return []
  const { address } = facts
  return [
    ...spoken(facts).map(({ selector }) => getterRead(address, selector)),
    ...listing(facts).map(({ selector }) => getterRead(address, selector)),
    ...slots.map((slot) => slotRead(address, slot)),
  ]
}

/** Whom a contract names: by what it is, by its functions, in its code and in its storage; the surest way first. Pure. */
export function pointersOf(facts: ContractFacts, answers: Answers): Pointer[] {
  const from = facts.address
  const pointers = [
    ...knownPointers(facts),
    ...spoken(facts).flatMap(({ kind, name, selector }): Pointer[] => {
      const to = addressOf(dataOf(answers.of(getterRead(from, selector))))
      return to ? [{ from, to, kind, name: plainName(name), where: `${name}()` }] : []
    }),
    ...listing(facts).flatMap(({ name, selector }): Pointer[] =>
      (addressesOf(dataOf(answers.of(getterRead(from, selector)))) ?? [])
        .slice(0, listedMax)
        .map((to) => ({ from, to, kind: 'value', name: 'reserve', where: `${name}()` })),
    ),
    ...facts.codes
      .flatMap(addressesIn)
      .slice(0, inCodeMax)
      .map((to): Pointer => ({ from, to, kind: 'use', name: null, where: inCode })),
    ...slots.flatMap((slot): Pointer[] => {
      const to = addressInSlot(dataOf(answers.of(slotRead(from, slot))))
      return to ? [{ from, to, kind: 'use', name: null, where: `its storage (slot ${slot})` }] : []
    }),
  ]
  const others = pointers.filter(({ to }) => to !== from && to !== facts.proxy?.implementation)
  return [...new Map(others.toReversed().map((pointer) => [pointer.to, pointer])).values()].toReversed()
}

/** What is known of a contract already tells some of whom it relies on. */
function knownPointers(facts: ContractFacts): Pointer[] {
  const { address: from, owned, proxy, roles, governor, vault, pair, pool, feed, safe } = facts
  const power = (name: string, to: Address | null | undefined, where: string) => point('power', name, to, where)
  const value = (name: string, to: Address | null | undefined, where: string) => point('value', name, to, where)
  const point = (kind: Pointer['kind'], name: string, to: Address | null | undefined, where: string): Pointer[] =>
    to ? [{ from, to, kind, name, where }] : []
  return [
    ...power('owner', owned?.owner, 'owner()'),
    ...power('proxyAdmin', proxy?.admin, 'its ERC-1967 slot of the admin'),
    ...power('beacon', proxy?.beacon, 'its ERC-1967 slot of the beacon'),
    ...power('accessManager', roles?.authority, 'authority()'),
    ...power('timelock', governor?.timelock, 'timelock()'),
    ...(safe?.modules ?? []).flatMap((module) => power('module', module, 'getModulesPaginated()')),
    ...(safe?.owners ?? []).flatMap((owner) => power('signer', owner, 'getOwners()')),
    ...value('asset', vault?.asset, 'asset()'),
    ...value('token0', pair?.token0 ?? pool?.token0, 'token0()'),
    ...value('token1', pair?.token1 ?? pool?.token1, 'token1()'),
    ...value('aggregator', feed?.aggregator, 'aggregator()'),
  ]
}

/** `getACLManager` becomes `aclManager`, `UNDERLYING_ASSET_ADDRESS` `underlyingAsset`, `getPriceOracle` `priceOracle`, `guardianAddress` `guardian`. */
function plainName(getter: string): string {
  if (/^[A-Z_]+$/.test(getter)) {
    const words = getter.toLowerCase().replace(/_address$/, '')
    return words.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  }
  const name = getter.replace(/^get(?=[A-Z])/, '').replace(/(?<=.)Address$/, '')
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (first) => first.toLowerCase())
}

/** A slot may hold an address alone, or with smaller values above it. A number or a text is none of a contract. */
function addressInSlot(word: Hex | undefined): Address | undefined {
  const digits = word?.slice(2).padStart(64, '0')
  const low = digits?.slice(24)
  return low && !/^0{8}/.test(low) && !/0{8}$/.test(low) ? `0x${low}` : undefined
}
