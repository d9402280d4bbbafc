import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../model/chain.ts'
import type { Read, ReadResult } from '../model/read.ts'
import { askState } from './askState.ts'
import { selectorsIn } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'

/** Functions that may say what a contract has written down for an account, by the contract's address. */
export type Entries = ReadonlyMap<Address, readonly Hex[]>

export const askedMax = 160
/** As many as the detector takes. */
const keptMax = 8
const wordsMax = 8

/** Nobody's account, so that nothing is written down for it. */
export const nobody = `${'0'.repeat(24)}7c0e19d3a54b6f82917d3c5ea06b4f1825d9e37a`
/** More than an address can be. */
export const noAddress = 'f'.repeat(64)

export const ask = (to: Address, selector: Hex, argument: string): Read => ({
  ...{ at: 'block', kind: 'call', to },
  data: `${selector}${argument}`,
})

/**
 * Views of an account are known by how they answer: with nothing written down for somebody who never was there, and not at
 * all where no account is given. Whether what they say has to do with money, use will show.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findEntries(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Entries> {
  const found = await accountViews(client, header, watched.filter(isOfItsOwnKind))
  return new Map([...found].map(([address, views]) => [address, views.slice(0, keptMax)]))
}

/**
 * Functions that say something of an account, the surest first; contracts that have none are left out.
 * @throws {RpcError} The chain cannot be read.
 */
export async function accountViews(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
): Promise<Entries> {
  const candidates = contracts.map(({ address, codes }) => ({
    address,
    selectors: [...new Set(codes.flatMap(selectorsIn))].slice(0, askedMax),
  }))
  const answers = await askState(
    client,
    header,
    candidates.flatMap(({ address, selectors }) =>
      selectors.flatMap((selector) => [nobody, '', noAddress].map((argument) => ask(address, selector, argument))),
    ),
  )
  const found = candidates.map(({ address, selectors }) => {
    const fitting = selectors.filter(
      (selector) =>
        saysNothing(answers.of(ask(address, selector, nobody))) && isRefused(answers.of(ask(address, selector, ''))),
    )
    // Who refuses what is no address asks for one; older compilers let it pass.
    const isSure = (selector: Hex) => isRefused(answers.of(ask(address, selector, noAddress)))
    return [address, [...fitting.filter(isSure), ...fitting.filter((each) => !isSure(each))]] as const
  })
  return new Map(found.filter(([, selectors]) => selectors.length > 0))
}

/** Of the standards others know better what is owed. */
export const isOfItsOwnKind = (facts: ContractFacts): boolean => {
  const { form, safe, governor, timelock, accessManager, feed, token, vault, pair, pool } = facts
  return (
    form === 'contract' && !(safe || governor || timelock || accessManager || feed || token || vault || pair || pool)
  )
}

export const isRefused = (answer: ReadResult): boolean => !answer.ok && answer.reverted

export function saysNothing(answer: ReadResult): boolean {
  if (!answer.ok) return false
  const digits = answer.data.slice(2)
  const isWords = digits.length > 0 && digits.length % 64 === 0 && digits.length <= 64 * wordsMax
  return isWords && /^0{64}/.test(digits)
}
