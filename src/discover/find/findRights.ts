import { toFunctionSelector } from 'viem/utils'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader, Hex } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { freezers } from '../facts/standardSignatures.ts'
import { accountViews, isOfItsOwnKind } from './findEntries.ts'
import type { Views } from './findViews.ts'

/** Functions that may say who may do what. */
export type Rights = Views

/** As many as the detector takes. */
const keptMax = 16
/** They say something else of an account: what it has, what it voted, or that it may not. */
const others: ReadonlySet<Hex> = new Set(
  [
    ...['balanceOf', 'nonces', 'delegates', 'getVotes', 'numCheckpoints', 'maxDeposit', 'maxMint', 'maxWithdraw'],
    ...['maxRedeem', 'claimed', 'hasClaimed', 'isClaimed', 'hasVoted', 'isContract', 'blacklisted', 'blacklist'],
    ...freezers,
  ].map((name) => toFunctionSelector(`${name}(address)`)),
)

/**
 * Contracts of their own kind keep lists of their own of who may do what: those that are watched, those that these name,
 * and tokens and vaults that are watched. Which of the views are such lists, use will show.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findRights(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly NamedFacts[],
): Promise<Rights> {
  const own = new Set(contracts.flatMap(({ role, facts }) => (role === 'protected' ? [facts.address] : [])))
  const keepers = contracts.filter(({ facts, pointers }) =>
    own.has(facts.address)
      ? isOfItsOwnKind(facts) || facts.vault || facts.token
      : isOfItsOwnKind(facts) && pointers.some(({ from }) => own.has(from)),
  )
  const found = await accountViews(
    client,
    header,
    keepers.map(({ facts }) => facts),
  )
  const lists = [...found].map(([address, views]) => [address, views.filter((view) => !others.has(view))] as const)
  return new Map(lists.flatMap(([address, views]) => (views.length > 0 ? [[address, views.slice(0, keptMax)]] : [])))
}
