import { toFunctionSelector } from 'viem/utils'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { addressOf, dataOf } from '../facts/answerOf.ts'
import { askBefore } from '../facts/askBefore.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { findElements } from './findElements.ts'
import { isOfItsOwnKind } from './findEntries.ts'
import { findSlots } from './findSlots.ts'
import { findViews, isRefused, noAddress, nobody, saysNothing } from './findViews.ts'

/** What a contract answers now to some calldata. `restless`: it answered otherwise before. */
export type Setting = { call: Hex; now: Hex; restless: boolean }
/**
 * Whom a contract pays and what it trusts. `slots`: addresses that no function tells. `lists`: functions that say so for
 * the number of a chain. `keyed`: for a key of 32 bytes, which may be one.
 */
export type Settings = ReadonlyMap<
  Address,
  { values: readonly Setting[]; slots: readonly Hex[]; lists: readonly Hex[]; keyed: readonly Hex[] }
>

/** As many as the detector takes. */
const [valuesMax, listsMax, keyedMax] = [32, 4, 4]
/** So many blocks ago, up to about a week: a provider that keeps little state answers for the first ones. */
const looksBack = [8, 64, 1_024, 50_000]
/** The number of no chain, which fits wherever one is asked for. */
const noChain = '7c0e'.padStart(64, '0')

/**
 * Functions of contracts of their own kind, tokens and vaults by which they name an address or a hash that is no part of
 * their code. Which of them are settings, and not the last bidder, use will show.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findSettings(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Settings> {
  const keepers = watched.filter(
    (facts) =>
      isOfItsOwnKind(facts) ||
      // A pair is a token as well, but its sums of prices are numbers that look like hashes, and nobody sets anything in it.
      (!(facts.pair || facts.pool) && (facts.vault || facts.token?.standard === 'erc20')),
  )
  const found = await findViews(client, header, keepers, { given: [''], fits: namesSomething })
  const elements = await findElements(client, header, keepers)
  const asked = new Map(
    keepers.map(({ address }) => [address, [found, elements].flatMap((each) => each.get(address) ?? [])] as const),
  )
  const { told, values } = await standing(client, header, keepers, asked)
  const slots = await findSlots(client, header, keepers, told)
  const given = [noChain, '', nobody, noAddress]
  const lists = await findViews(client, header, keepers, { given, fits: isOfChain })
  const keyed = await findViews(client, header, keepers, { given, fits: isOfKey })
  const all = keepers.map(({ address }) => {
    const own = {
      values: values.get(address) ?? [],
      slots: slots.get(address) ?? [],
      lists: (lists.get(address) ?? []).slice(0, listsMax),
      keyed: (keyed.get(address) ?? []).slice(0, keyedMax),
    }
    return [address, own] as const
  })
  return new Map(all.filter(([, own]) => Object.values(own).some((each) => each.length > 0)))
}

const namesSomething = ([answer]: readonly ReadResult[]): number => (linkIn(dataOf(answer!)) ? 1 : 0)

/** An address, or a hash: numbers and texts begin or end with zeros. Its digits. */
function linkIn(data: Hex | undefined): string | null {
  if (data?.length !== 66) return null
  const address = addressOf(data)
  const digits = address ? address.slice(2) : data.slice(2)
  return /^(0{8}|f{8})|(0{8}|f{8})$/.test(digits) ? null : digits
}

/** Bytes of no length. */
const noBytes: Hex = `0x${'20'.padStart(64, '0')}${'0'.repeat(64)}`

/** Numbers of chains are small: an account is none, so that lists by account or by item are left to others. */
const isOfChain = ([ofChain, ofNothing, ofAccount, ofNoAddress]: readonly ReadResult[]): number =>
  ofChain!.ok &&
  ((ofChain!.data.length === 66 && saysNothing(ofChain!)) || ofChain!.data === noBytes) &&
  [ofNothing, ofAccount, ofNoAddress].every((each) => isRefused(each!))
    ? 1
    : 0

/** Whatever fits in 32 bytes is a key, more than an address as well, and none at all is not. */
const isOfKey = ([ofChain, ofNothing, ...ofOthers]: readonly ReadResult[]): number =>
  isRefused(ofNothing!) &&
  [ofChain!, ...ofOthers].every((each) => each.ok && each.data.length === 66 && saysNothing(each))
    ? 1
    : 0

const ask = (to: Address, data: Hex): Read => ({ at: 'block', kind: 'call', to, data })

/** What the functions answer now, if it does not stand in the code, whether they answered otherwise before, and all they tell. */
async function standing(
  client: ChainClient,
  header: BlockHeader,
  keepers: readonly ContractFacts[],
  found: ReadonlyMap<Address, readonly Hex[]>,
): Promise<{ values: ReadonlyMap<Address, Setting[]>; told: (contract: Address) => ReadonlySet<string> }> {
  const reads = [...found].flatMap(([address, calls]) => calls.map((call) => ask(address, call)))
  const answers = await askState(client, header, reads)
  const past = await askBefore(client, header, { looksBack, reads })
  const told = (contract: Address) =>
    new Set((found.get(contract) ?? []).flatMap((call) => linkIn(dataOf(answers.of(ask(contract, call)))) ?? []))
  const values = new Map(
    keepers.map(({ address, codes }) => {
      const settings = (found.get(address) ?? []).flatMap((call): Setting[] => {
        const read = ask(address, call)
        const now = dataOf(answers.of(read))
        const digits = linkIn(now)
        if (!now || !digits || leftOut.has(call) || codes.some((code) => code.includes(digits))) return []
        const before = past.map((each) => dataOf(each.of(read)))
        return [{ call, now, restless: before.some((each) => each && each !== now && BigInt(each) !== 0n) }]
      })
      return [address, settings.slice(0, valuesMax)] as const
    }),
  )
  return { values, told }
}

/** Of these privileged-change tells. */
const privileged = ['owner', 'pendingOwner', 'authority', 'admin', 'implementation']
/** Sums of prices and fees that pools keep: as long as an address, and another one after each trade. */
const sums = ['price0CumulativeLast', 'price1CumulativeLast', 'kLast', 'feeGrowthGlobal0X128', 'feeGrowthGlobal1X128']
const leftOut: ReadonlySet<Hex> = new Set([...privileged, ...sums].map((name) => toFunctionSelector(`${name}()`)))
