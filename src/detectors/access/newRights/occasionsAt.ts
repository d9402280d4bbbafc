import { toEventSelector } from 'viem/utils'
import { transferTopics, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Call, Hex, Log, Transaction } from '../../../model/chain.ts'
import type { Observation, Outcome } from '../../../model/observation.ts'

/** A call of a contract: the transaction itself, or one inside it. */
export type Entry = Pick<Call, 'from' | 'input' | 'value'>

/** What may have given somebody a right with a contract. */
export type Occasion = {
  transaction: Transaction
  /** How the contract was called; null: through others, and nobody asked how. */
  entry: Entry | null
  /** How: the function that was called, or what the contract told of it. */
  way: Hex
  /** Whom the call or what the contract told of it names. */
  accounts: readonly Address[]
  /** It may name more than these. */
  isCut: boolean
}

const [occasionsMax, accountsMax, toldMax] = [16, 12, 16]
/** `0x` and four bytes. */
const selectorMax = 10
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
  const entries = new Map(
    outcomes.flatMap((outcome) => {
      const found = entriesOf(target, outcome)
      return found.length > 0 ? [[outcome.transaction.index, found] as const] : []
    }),
  )
  const all = [...new Set([...entries.keys(), ...own.keys()])]
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const transaction = block.transactions[index]
      const ways = entries.get(index) ?? [null]
      return transaction
        ? ways.flatMap((entry) => occasionOf(target, { transaction, entry }, own.get(index) ?? []) ?? [])
        : []
    })
    .filter(({ way, accounts }) => accounts.length > 0 && !isDull(way))
  return { occasions: all.slice(0, occasionsMax), left: Math.max(0, all.length - occasionsMax) }
}

/** A batch makes several; what a contract calls of its own is no way in. */
function entriesOf(target: Address, { transaction, receipt, calls = [] }: Outcome): Entry[] {
  if (receipt?.status === 'reverted') return []
  if (transaction.to === target) return [transaction]
  return calls.filter(
    ({ kind, to, from, input, reverted }) =>
      kind === 'call' && to === target && from !== target && !reverted && input.length > selectorMax,
  )
}

function occasionOf(
  target: Address,
  { transaction, entry }: Pick<Occasion, 'transaction' | 'entry'>,
  told: readonly Log[],
): Occasion | null {
  const way = entry ? (entry.input.slice(0, selectorMax) as Hex) : told[0]?.topics[0]
  if (!way || way.length < selectorMax) return null
  const input = (entry ?? transaction).input.slice(selectorMax, textMax)
  // Who is paid or may spend has no right by that.
  const telling = told.filter(({ topics: [topic0] }) => topic0 && !spending.has(topic0)).slice(0, toldMax)
  const words = [
    ...shifts.flatMap((shift) => wordsOf(input.slice(shift))),
    ...telling.flatMap(({ topics, data }) => [...topics.slice(1).map(digitsOf), ...wordsOf(digitsOf(data))]),
  ]
  const named = words.filter((each) => padded.test(each)).map((each): Address => `0x${each.slice(24)}`)
  const accounts = [...new Set(named)].filter((each) => each !== target && each !== zeroAddress)
  return {
    ...{ transaction, entry, way },
    accounts: accounts.slice(0, accountsMax),
    isCut: entry !== null && accounts.length > accountsMax,
  }
}

const spending: ReadonlySet<Hex> = new Set([
  ...transferTopics,
  toEventSelector('Approval(address,address,uint256)'),
  toEventSelector('ApprovalForAll(address,address,bool)'),
])
const digitsOf = (text: Hex): string => text.slice(2)
const wordsOf = (digits: string): string[] => digits.slice(0, textMax).match(/.{64}/g) ?? []
