import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import {
  endsOf,
  isOddTransfer,
  readTransfer,
  type TokenStandard,
  type TokenTransfer,
  topicOf,
  withoutEchoes,
} from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Leg } from './leg.ts'
import { settleTransactions } from './settleTransactions.ts'

/** What one account moved of one token in one block, in the order of the block. */
export type Flow = {
  account: Contract
  token: Address | 'native'
  standard: TokenStandard | 'native'
  legs: Leg[]
}

/** Where flows and memory of one account and one token are filed. */
export const flowKey = ({ account, token }: Pick<Flow, 'account' | 'token'>): string => `${account.address} ${token}`

/** A block full of made-up tokens must not make us ask without end. */
const flowsMax = 32

/**
 * The token flows of the watched accounts in a block, each transaction settled, those of trusted tokens first. `unread`: why something was left
 * out.
 */
export function tokenFlows(
  { logs }: Pick<Observation, 'logs'>,
  {
    accounts,
    only,
    trusted,
  }: {
    accounts: ReadonlyMap<Hex, Contract>
    only: Address | 'native' | undefined
    trusted: ReadonlySet<Address | 'native'>
  },
): { flows: Flow[]; unread: string[] } {
  const flows = new Map<string, Flow>()
  const unread = new Set<string>()
  for (const log of withoutEchoes(logs)) {
    const ends = endsOf(log)
    if (only && log.address !== only) continue
    if (isOddTransfer(log) && trusted.has(log.address)) {
      unread.add(`A transfer of ${log.address} could not be read: it is written as no standard writes it.`)
    }
    if (!ends || ends.from === ends.to) continue
    if (!accounts.has(ends.from) && !accounts.has(ends.to)) continue
    try {
      addTransfer(flows, accounts, readTransfer(log))
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      if (trusted.has(log.address)) unread.add(`A transfer of ${log.address} could not be read: ${error.message}`)
    }
  }
  const moving = [...flows.values()]
    // One item of a collection does not make up for another.
    .map((flow) => (flow.standard === 'erc20' ? { ...flow, legs: settleTransactions(flow.legs) } : flow))
    .filter(({ legs }) => legs.length > 0)
  const isTrusted = ({ token }: Flow) => trusted.has(token)
  const strangers = moving.filter((flow) => !isTrusted(flow))
  const known = moving.filter(isTrusted)
  const room = Math.max(0, flowsMax - known.length)
  if (strangers.length > room) unread.add(`More than ${flowsMax} tokens moved in one block: the others are not judged.`)
  return { flows: [...known, ...strangers.slice(0, room)], unread: [...unread] }
}

function addTransfer(flows: Map<string, Flow>, accounts: ReadonlyMap<Hex, Contract>, transfer: TokenTransfer): void {
  const { token, standard, from, to, amount, unwrapped, log } = transfer
  if (amount === 0n) return
  for (const way of ['out', 'in'] as const) {
    const account = accounts.get(topicOf(way === 'out' ? from : to))
    if (!account) continue
    const key = flowKey({ account, token })
    const flow = flows.get(key) ?? { account, token, standard, legs: [] }
    flows.set(key, flow)
    const { transactionHash, logIndex } = log
    flow.legs.push({ way, amount, other: way === 'out' ? to : from, transactionHash, logIndex, unwrapped })
  }
}
