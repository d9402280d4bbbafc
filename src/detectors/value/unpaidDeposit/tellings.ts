import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { transferTopics, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Log } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'

/** What one of ours told of in a transaction. `name`: the event, and the functions by which it was had tell. */
export type Telling = { target: Address; name: string; log: Log; words: readonly bigint[] }

const [wordsMax, tellingsMax, selectorsMax] = [8, 16, 3]

/** Events of ours with the numbers that stand in them. */
export function tellingsIn({ transaction, receipt, calls }: Outcome, ours: ReadonlySet<Address>): Telling[] {
  if (receipt?.status !== 'success') return []
  const made = calls
    ? calls.filter(({ kind, from, reverted }) => kind === 'call' && !reverted && !ours.has(from))
    : [transaction]
  const entered = new Set(made.flatMap(({ to, input }) => (to !== null && ours.has(to) ? [input.slice(0, 10)] : [])))
  if (entered.size === 0 || entered.size > selectorsMax) return []
  const ways = [...entered].sort().join(' ')
  return receipt.logs
    .flatMap((log): Telling[] => {
      const topic0 = log.topics[0]
      if (!ours.has(log.address) || topic0 === undefined || transferTopics.includes(topic0)) return []
      return [{ target: log.address, name: `${topic0} ${ways}`, log, words: wordsOf(log) }]
    })
    .slice(0, tellingsMax)
}

function wordsOf({ topics, data }: Log): bigint[] {
  const count = Math.min(wordsMax, Math.floor((data.length - 2) / 64))
  const inData = Array.from({ length: count }, (_, place) => BigInt(`0x${data.slice(2 + 64 * place, 66 + 64 * place)}`))
  return [...topics.slice(1), ...inData].map(BigInt)
}

/** What somebody else than ours gave: to whomever, as money may go past the contract that tells of it. What is made is no gift. */
export const givenIn = (outcome: Outcome, ours: ReadonlySet<Address>): Movement[] =>
  movementsOf(outcome).filter(({ id, from }) => id === null && from !== zeroAddress && !ours.has(from))

/** The last movement of just so much; undefined: there was none. */
export const paymentOf = (amount: bigint, given: readonly Movement[]): Movement | undefined =>
  given.findLast((each) => each.amount === amount) ?? sumOf(amount, given)

/** Or several of one asset that make as much together. */
function sumOf(amount: bigint, given: readonly Movement[]): Movement | undefined {
  const groups = Map.groupBy(given, ({ asset, to }) => `${asset} ${to}`).values()
  const group = [...groups].find((each) => totalOf(each) === amount)
  return group?.at(-1)
}

const totalOf = (list: readonly Movement[]): bigint => list.reduce((sum, each) => sum + each.amount, 0n)

/** Whether at least half of it was given in one asset: what is short then is a fee. */
export const isNearly = (amount: bigint, given: readonly Movement[]): boolean =>
  [...Map.groupBy(given, ({ asset }) => asset).values()].some((each) => 2n * totalOf(each) >= amount)
