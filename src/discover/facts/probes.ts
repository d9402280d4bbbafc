import { toFunctionSelector, toHex } from 'viem/utils'
import { proxySlots } from '../../evm/proxySlots.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'

export const slots = {
  ...proxySlots,
  /** A Safe's proxy keeps its singleton in the first slot, where other contracts keep anything. */
  first: toHex(0, { size: 32 }),
} as const satisfies Record<string, Hex>
export type SlotName = keyof typeof slots

const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const erc165 = (id: Hex): Hex => `${toFunctionSelector('supportsInterface(bytes4)')}${id.slice(2).padEnd(64, '0')}`
const call = (signature: string, ...args: bigint[]): Hex => `${toFunctionSelector(signature)}${args.map(word).join('')}`

/** What every address is asked. None of them changes anything or takes an argument that must exist. */
export const calls = {
  /** No contract has this function: who answers it answers everything, and is believed nothing. */
  nothing: call('tocsinAsksWhetherAnythingIsAnswered()'),
  erc165: erc165('0x01ffc9a7'),
  /** Must be refused by whoever speaks ERC-165. */
  erc165None: erc165('0xffffffff'),
  erc721: erc165('0x80ac58cd'),
  erc1155: erc165('0xd9b67a26'),
  symbol: call('symbol()'),
  decimals: call('decimals()'),
  totalSupply: call('totalSupply()'),
  asset: call('asset()'),
  totalAssets: call('totalAssets()'),
  owner: call('owner()'),
  pendingOwner: call('pendingOwner()'),
  paused: call('paused()'),
  authority: call('authority()'),
  roleAdmin: call('getRoleAdmin(bytes32)', 0n),
  expiration: call('expiration()'),
  minSetback: call('minSetback()'),
  threshold: call('getThreshold()'),
  owners: call('getOwners()'),
  safeVersion: call('VERSION()'),
  /** A Safe's list begins at 1. */
  modules: call('getModulesPaginated(address,uint256)', 1n, 20n),
  avatar: call('avatar()'),
  txCooldown: call('txCooldown()'),
  txNonce: call('txNonce()'),
  optimisticOracle: call('optimisticOracleV3()'),
  liveness: call('liveness()'),
  questionCooldown: call('questionCooldown()'),
  defaultRole: call('defaultRoles(address)', 0n),
  countingMode: call('COUNTING_MODE()'),
  votingPeriod: call('votingPeriod()'),
  /** Of Compound's governors, Alpha and Bravo, and those made after them. */
  quorumVotes: call('quorumVotes()'),
  proposalCount: call('proposalCount()'),
  timelock: call('timelock()'),
  minDelay: call('getMinDelay()'),
  /** Of Compound's timelock and those made after it. */
  delay: call('delay()'),
  gracePeriod: call('GRACE_PERIOD()'),
  latestRound: call('latestRoundData()'),
  description: call('description()'),
  aggregator: call('aggregator()'),
  token0: call('token0()'),
  token1: call('token1()'),
  reserves: call('getReserves()'),
  slot0: call('slot0()'),
  /** Of tokens and bridges of rollups: what they belong to on another chain. */
  remoteToken: call('remoteToken()'),
  l1Token: call('l1Token()'),
  l1Address: call('l1Address()'),
  otherBridge: call('otherBridge()'),
  OTHER_BRIDGE: call('OTHER_BRIDGE()'),
  l2Bridge: call('l2Bridge()'),
  counterpartGateway: call('counterpartGateway()'),
  implementation: call('implementation()'),
  admin: call('admin()'),
  facets: call('facetAddresses()'),
} as const satisfies Record<string, Hex>
export type CallName = keyof typeof calls

export const codeRead = (of: Address): Read => ({ at: 'block', kind: 'code', of })
export const balanceRead = (of: Address): Read => ({ at: 'block', kind: 'balance', of })
export const slotRead = (of: Address, slot: SlotName): Read => ({ at: 'block', kind: 'storage', of, slot: slots[slot] })
export const callRead = (to: Address, name: CallName): Read => ({ at: 'block', kind: 'call', to, data: calls[name] })
export const roundRead = (feed: Address, round: bigint): Read => ({
  at: 'block',
  kind: 'call',
  to: feed,
  data: call('getRoundData(uint80)', round),
})
/** Rounds of a feed that are looked at to learn how often it speaks. */
const roundsMax = 12n

/** Ids of a proxy's rounds carry the phase in their upper bits: the first round of a phase has none before it. */
export function lastRounds(round: bigint): bigint[] {
  const inPhase = round & ((1n << 64n) - 1n)
  const count = inPhase < roundsMax ? inPhase : roundsMax
  return Array.from({ length: Number(count) }, (_, back) => round - BigInt(back))
}

export const convertRead = (vault: Address, shares: bigint): Read => ({
  at: 'block',
  kind: 'call',
  to: vault,
  data: call('convertToAssets(uint256)', shares),
})

/** All that can be asked of an address before anything is known of it. */
export function firstReads(address: Address): Read[] {
  return [
    codeRead(address),
    balanceRead(address),
    ...(Object.keys(slots) as SlotName[]).map((slot) => slotRead(address, slot)),
    ...(Object.keys(calls) as CallName[]).map((name) => callRead(address, name)),
  ]
}
