import type { Abi } from 'viem'
import type { Address, Hex } from '../../model/chain.ts'

/** What was found out, and by what. */
export type Because<Value> = Value & { why: string }

export type ProxyPattern =
  | 'erc1967'
  | 'beacon'
  | 'erc1822'
  | 'legacy-oz'
  | 'erc1167'
  | 'safe'
  | 'implementation()'
  | 'diamond'

export type ModuleKind = 'delay' | 'optimistic governor' | 'reality' | 'roles'

export type TokenStandard = 'erc20' | 'erc721' | 'erc1155'

/**
 * What an address is, as far as the chain tells. Texts are strangers' words, made harmless and cut. A fact that is left
 * out was not found; that does not mean that it is not so.
 */
export type ContractFacts = {
  address: Address
  /** `delegated`: an account that lets a contract's code run for it (ERC-7702). */
  form: 'account' | 'delegated' | 'contract'
  /** In wei; null: nobody could tell. */
  balance: bigint | null
  /** Its own code and, for a proxy whose implementation is known, that one's. */
  codes: readonly Hex[]
  /** It hands calls on to code that is not known, so that nothing can be told from `codes`. */
  forwards: boolean
  proxy?: Because<{
    pattern: ProxyPattern
    implementation: Address | null
    beacon: Address | null
    admin: Address | null
  }>
  token?: Because<{
    standard: TokenStandard
    symbol: string | null
    decimals: number | null
    totalSupply: bigint | null
  }>
  /** ERC-4626. `assetsPerShare`: what `convertToAssets` gives for `oneShare` base units. */
  vault?: Because<{
    asset: Address
    assetSymbol: string | null
    assetDecimals: number | null
    totalAssets: bigint
    oneShare: bigint
    assetsPerShare: bigint | null
  }>
  owned?: Because<{ owner: Address; ownerHasCode: boolean | null; pendingOwner: Address | null }>
  /** Who may do what is kept by role: in the contract itself, or by the access manager that it names. */
  roles?: Because<{ authority: Address | null }>
  accessManager?: Because<{ expirationSeconds: bigint }>
  pausable?: Because<{ paused: boolean }>
  /** `modules`: who may act in its name without its owners; at most twenty. */
  safe?: Because<{ version: string; threshold: number; owners: readonly Address[]; modules: readonly Address[] }>
  /** A Zodiac module or one like it, which acts in the name of `account`. `seconds`: in which an order can be stopped. */
  module?: Because<{ kind: ModuleKind; account: Address; seconds: bigint | null }>
  governor?: Because<{ votingPeriod: bigint; timelock: Address | null }>
  timelock?: Because<{ minDelaySeconds: bigint }>
  /** Times in unix seconds. `intervals`: seconds between its last rounds. `announces`: it sends `AnswerUpdated` itself. */
  feed?: Because<{
    description: string | null
    decimals: number
    answer: bigint
    updatedAt: number
    intervals: readonly number[]
    aggregator: Address | null
    announces: boolean
  }>
  /** Uniswap v2 or a fork. */
  pair?: Because<{ token0: Address; token1: Address }>
  /** Uniswap v3 or a fork. */
  pool?: Because<{ token0: Address; token1: Address }>
  /** One side of a bridge, by the name that it has for the other side, which is an address on another chain. */
  bridge?: Because<{ other: Address; getter: string; kind: 'token' | 'bridge' }>
  /** As the code itself says, which may lie. */
  compiled?: Because<{ compiler: string }>
  /** What the code was proved to be made of. `of`: itself or its implementation. */
  source?: Because<{ of: Address; name: string; packages: readonly string[]; abi: Abi }>
  /** Why what a repository holds of it is not believed. */
  sourceDoubt?: string
}
