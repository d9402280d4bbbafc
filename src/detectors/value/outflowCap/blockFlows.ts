import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import {
  endsOf,
  isOddTransfer,
  itemsOf,
  readTransfer,
  type TokenStandard,
  type TokenTransfer,
  topicOf,
  withoutEchoes,
} from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import { kindsMax } from '../../tokens/balances.ts'
import type { Leg } from './leg.ts'
import type { Cap } from './options.ts'
import { settleTransactions } from './settleTransactions.ts'

/** What one account moved of one token in one block, in the order of the block. */
export type Flow = {
  account: Contract
  token: Address | 'native'
  standard: TokenStandard | 'native'
  /** The kind of item of an ERC-1155; absent: all kinds together, of which no percent can be said. */
  id?: bigint
  legs: Leg[]
}

/** Where flows and memory of one account and one token are filed. */
export const flowKey = ({ account, token, id }: Pick<Flow, 'account' | 'token' | 'id'>): string =>
  `${account.address} ${token}${id === undefined ? '' : ` ${id}`}`

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
    caps,
  }: {
    accounts: ReadonlyMap<Hex, Contract>
    only: Address | 'native' | undefined
    /** Absent: kinds of items are not told apart. */
    caps?: readonly Cap[]
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
      const transfer = readTransfer(log)
      const left = addTransfer(flows, accounts, { transfer, items: itemsToJudge(transfer, caps) })
      if (left && trusted.has(log.address))
        unread.add(
          `More than ${kindsMax} kinds of items of ${log.address} moved in one block: the others are not judged.`,
        )
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

/** Items are judged kind by kind where percent decides, and all together where an amount does. */
function itemsToJudge(transfer: TokenTransfer, caps: readonly Cap[] | undefined): { id?: bigint; amount: bigint }[] {
  const { standard, amount } = transfer
  if (standard !== 'erc1155') return [{ amount }]
  const inSum = !caps || caps.some((cap) => cap.amount !== undefined)
  const byKind = caps?.some((cap) => cap.amount === undefined)
  const kinds = byKind ? itemsOf(transfer).flatMap((item) => (item.id === null ? [] : [{ ...item, id: item.id }])) : []
  return [...(inSum ? [{ amount }] : []), ...kinds]
}

/** @returns Whether some kinds of items were left out. */
function addTransfer(
  flows: Map<string, Flow>,
  accounts: ReadonlyMap<Hex, Contract>,
  { transfer, items }: { transfer: TokenTransfer; items: { id?: bigint; amount: bigint }[] },
): boolean {
  const { token, standard, from, to, unwrapped, log } = transfer
  const { transactionHash, logIndex } = log
  let isLeft = false
  for (const way of ['out', 'in'] as const) {
    const account = accounts.get(topicOf(way === 'out' ? from : to))
    if (!account) continue
    const isKind = (flow: Flow) => flow.account === account && flow.token === token && flow.id !== undefined
    let room = items.length > 1 || standard === 'erc1155' ? kindsMax - [...flows.values()].filter(isKind).length : 0
    for (const { id, amount } of items) {
      if (amount === 0n) continue
      const key = flowKey({ account, token, ...(id !== undefined && { id }) })
      if (id !== undefined && !flows.has(key) && --room < 0) {
        isLeft = true
        break
      }
      const flow = flows.get(key) ?? { account, token, standard, ...(id !== undefined && { id }), legs: [] }
      flows.set(key, flow)
      flow.legs.push({ way, amount, other: way === 'out' ? to : from, transactionHash, logIndex, unwrapped })
    }
  }
  return isLeft
}
