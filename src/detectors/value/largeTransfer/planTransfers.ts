import { endsOf, isUnwrapping, topicOf, transferTopics, withoutEchoes } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Assignment, Interest } from '../../../model/detector.ts'
import { isToken, resolveToken } from '../../tokens/tokenOption.ts'
import { flowInterests } from '../holderInterests.ts'
import type { LargeTransferOptions } from './options.ts'

export type TransferPlan = {
  options: LargeTransferOptions
  chainId: number
  interests: Interest[]
  /** Watched as tokens: every transfer that they tell of counts. */
  tokens: ReadonlyMap<Address, Contract>
  /** Watched as holders, by their address as a topic. */
  accounts: ReadonlyMap<Hex, Contract>
  /** Holders whose native value is judged. */
  native: readonly Contract[]
  /** Only this token; undefined: all. */
  only: Address | 'native' | undefined
  /** Tokens that the config names, so that they are believed. */
  trusted: ReadonlySet<Address>
}

/** One transfer as seen from one watched contract. */
export type Movement = { log: Log; target: Contract; way: 'out' | 'in' | 'any' }

/**
 * What is watched as what. A target of kind token is watched as a token, one of another kind as a holder, one without
 * kind as both; where `token` is given, that token is watched as such and every other target as a holder of it.
 */
export function planTransfers(assignment: Assignment<LargeTransferOptions>): TransferPlan {
  const { options, targets, names, chain } = assignment
  const only = resolveToken(options.token, assignment)
  const asTokens = targets.filter((target) =>
    only ? target.address === only : target.kind === undefined || isToken(target),
  )
  const asHolders = targets.filter((target) => (only ? target.address !== only : !isToken(target)))
  const native = only === undefined || only === 'native' ? asHolders : []

  const interests: Interest[] = []
  const holders = asHolders.map(({ address }) => address)
  if (holders.length > 0) interests.push(...flowInterests(holders, { only, known: [...names.values(), ...targets] }))
  const tokens = asTokens.map(({ address }) => address)
  if (only !== 'native' && tokens.length > 0) interests.push({ kind: 'log', topics: transferTopics, addresses: tokens })
  const trusted = new Set([...names.values(), ...targets].map(({ address }) => address))
  if (only && only !== 'native') trusted.add(only)
  return {
    options,
    chainId: chain.id,
    interests,
    tokens: new Map(asTokens.map((target) => [target.address, target])),
    accounts: new Map(asHolders.map((target) => [topicOf(target.address), target])),
    native,
    only,
    trusted,
  }
}

/**
 * The transfers among some logs that concern a watched contract, those of trusted tokens first. One transfer may concern
 * two: the token by what there is of it, the holder by what it holds.
 */
export function movementsIn(plan: TransferPlan, logs: readonly Log[]): Movement[] {
  const movements = withoutEchoes(logs).flatMap((log): Movement[] => {
    const ends = endsOf(log)
    if (!ends || ends.from === ends.to || (plan.only && log.address !== plan.only)) return []
    const token = plan.tokens.get(log.address)
    const { direction } = plan.options
    const sender = direction === 'in' ? undefined : plan.accounts.get(ends.from)
    const recipient = direction === 'out' || sender ? undefined : plan.accounts.get(ends.to)
    return [
      // Contracts that are no tokens have events of the same name.
      ...(token && (!isUnwrapping(log) || isToken(token)) ? [{ log, target: token, way: 'any' } as const] : []),
      ...(sender ? [{ log, target: sender, way: 'out' } as const] : []),
      ...(recipient ? [{ log, target: recipient, way: 'in' } as const] : []),
    ]
  })
  const isTrusted = ({ log }: Movement) => plan.trusted.has(log.address)
  return [...movements.filter(isTrusted), ...movements.filter((movement) => !isTrusted(movement))]
}
