import { toEventSelector } from 'viem/utils'
import { transferTopics, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log, Transaction } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'

/** A transaction that may have given somebody a right with a contract. */
export type Occasion = {
  transaction: Transaction
  /** It called the contract itself, and not through others. */
  isDirect: boolean
  /** How: the function that was called, or what the contract told of it. */
  way: Hex
  /** Whom the call or what the contract told of it names. */
  accounts: readonly Address[]
  /** It may name more than these. */
  isCut: boolean
}

const [occasionsMax, accountsMax, toldMax] = [16, 12, 16]
/** As hex digits; what stands behind them is not looked at. */
const textMax = 16_384
/** Digits before the words of a call, and of calls that it hands on: their selectors. */
const shifts = [0, 8, 16]
const padded = /^0{24}(?!0{8})[0-9a-f]{40}$(?<!0{8})/

/** @returns What happened to a contract in a block and names accounts, and how many more there were. */
export function occasionsAt(
  target: Address,
  { block, logs, outcomes }: Pick<Observation, 'block' | 'logs' | 'outcomes'>,
  isDull: (way: Hex) => boolean,
): { occasions: Occasion[]; left: number } {
  const own = Map.groupBy(
    logs.filter(({ address }) => address === target),
    ({ transactionIndex }) => transactionIndex,
  )
  const direct = outcomes.flatMap(({ transaction, receipt }) =>
    transaction.to === target && receipt?.status !== 'reverted' ? [transaction.index] : [],
  )
  const all = [...new Set([...direct, ...own.keys()])]
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const transaction = block.transactions[index]
      return transaction ? (occasionOf(target, transaction, own.get(index) ?? []) ?? []) : []
    })
    .filter(({ way, accounts }) => accounts.length > 0 && !isDull(way))
  return { occasions: all.slice(0, occasionsMax), left: Math.max(0, all.length - occasionsMax) }
}

function occasionOf(target: Address, transaction: Transaction, told: readonly Log[]): Occasion | null {
  const isDirect = transaction.to === target
  const way = isDirect ? (transaction.input.slice(0, 10) as Hex) : told[0]?.topics[0]
  if (!way || way.length < 10) return null
  const input = transaction.input.slice(10, textMax)
  // Who is paid or may spend has no right by that.
  const telling = told.filter(({ topics: [topic0] }) => topic0 && !spending.has(topic0)).slice(0, toldMax)
  const words = [
    ...shifts.flatMap((shift) => wordsOf(input.slice(shift))),
    ...telling.flatMap(({ topics, data }) => [...topics.slice(1).map(digitsOf), ...wordsOf(digitsOf(data))]),
  ]
  const named = words.filter((each) => padded.test(each)).map((each): Address => `0x${each.slice(24)}`)
  const accounts = [...new Set(named)].filter((each) => each !== target && each !== zeroAddress)
  return {
    ...{ transaction, isDirect, way },
    accounts: accounts.slice(0, accountsMax),
    isCut: isDirect && accounts.length > accountsMax,
  }
}

const spending: ReadonlySet<Hex> = new Set([
  ...transferTopics,
  toEventSelector('Approval(address,address,uint256)'),
  toEventSelector('ApprovalForAll(address,address,bool)'),
])
const digitsOf = (text: Hex): string => text.slice(2)
const wordsOf = (digits: string): string[] => digits.slice(0, textMax).match(/.{64}/g) ?? []
