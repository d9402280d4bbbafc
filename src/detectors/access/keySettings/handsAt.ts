import type { Address, Hex, Log, Transaction } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'

/** A transaction that may have set something in a contract. */
export type Hand = {
  transaction: Transaction
  /** It called the contract itself, and not through others. */
  isDirect: boolean
  /** Who decided: who sent it, or the contract through which it came, such as a Safe. */
  by: Address
  /** How: the function that was called, or what the contract told of it. */
  way: Hex
  /** Small numbers that it names, such as the number of a chain, as words. */
  numbers: readonly string[]
  /** Hashes that it names, such as that of the name of a chain. */
  hashes: readonly string[]
  /** All that it says, as hex digits. */
  input: string
  told: string
}

export const handsMax = 16
const [numbersMax, hashesMax, toldMax] = [8, 4, 16]
/** As hex digits; what stands behind them is not looked at. */
export const textMax = 16_384
/** Digits before the words of a call, and of calls that it hands on: their selectors. */
const shifts = [0, 8, 16]
/** Above zero and of at most eight bytes. */
const small = /^0{48}(?!0{16})[0-9a-f]{16}$/
/** Neither a number, an address nor a text. */
const hash = /^(?!0{8}|f{8})[0-9a-f]{64}(?<!0{8})$/

/** @returns What happened to a contract in a block, and how many more transactions there were. */
export function handsAt(
  target: Address,
  { block, logs, outcomes }: Pick<Observation, 'block' | 'logs' | 'outcomes'>,
): { hands: Hand[]; left: number } {
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
      return transaction ? (handOf(target, transaction, own.get(index) ?? []) ?? []) : []
    })
  return { hands: all.slice(0, handsMax), left: Math.max(0, all.length - handsMax) }
}

/** @param target Null: it is known to have come through others. */
export function handOf(target: Address | null, transaction: Transaction, logs: readonly Log[]): Hand | null {
  const isDirect = transaction.to === target
  const way = isDirect
    ? (transaction.input.slice(0, 10) as Hex)
    : (logs[0]?.topics[0] ?? (transaction.input.slice(0, 10) as Hex))
  if (!way || way.length < 10) return null
  const input = transaction.input.slice(10, textMax)
  const telling = logs
    .slice(0, toldMax)
    .flatMap(({ topics, data }) => [...topics.slice(1), data].map((text) => text.slice(2, textMax)))
  const words = [...shifts.map((shift) => input.slice(shift)), ...telling].flatMap((text) => text.match(/.{64}/g) ?? [])
  return {
    ...{ transaction, isDirect, way, input },
    by: isDirect || transaction.to === null ? transaction.from : transaction.to,
    numbers: [...new Set(words.filter((each) => small.test(each)))].slice(0, numbersMax),
    hashes: [...new Set(words.filter((each) => hash.test(each)))].slice(0, hashesMax),
    told: telling.join(' '),
  }
}
