import { z } from 'zod'
import { topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { hasActed } from '../hasActed.ts'
import { hexShape, remembered } from '../remembered.ts'
import { nativeBalance, readAmount } from '../tokens/balances.ts'

/**
 * What somebody who may take all items of an account did with that. Plain data. `paid`: how often something came in for
 * them. `free`: how often nothing did, before he was known to pay. `coins`: in what he paid. `unpaid`: unix times of items
 * for which nothing came in since.
 */
const shape = z.record(
  z.string(),
  z.object({ paid: z.number(), free: z.number(), coins: z.array(hexShape), unpaid: z.array(z.number()) }),
)
type Rows = z.output<typeof shape>
type Row = Rows[string]
const rememberedRows = remembered(shape)
const memoryKey = (owner: Address) => `items ${owner}`

const [takingsMax, rowsMax, coinsMax, unpaidMax, countedMax] = [16, 16, 4, 32, 100]
const daySeconds = 86_400
/** Who paid so often sells for the account. */
const sellsFrom = 2
/** One item without a price may be a gift; the second within a day is not. */
const pagesFrom = 2

/** Items that left an account in a transaction that it had no part in. */
type Taking = { owner: Address; token: Address; logs: readonly Log[]; index: number; hands: readonly Address[] }

const [transferTopic] = transferTopics as [Hex, ...Hex[]]

export function takingsOf(view: Omit<Observation, 'state'>, accounts: ReadonlySet<Address>): Taking[] {
  const items = view.logs.filter(
    ({ topics }) =>
      topics.length === 4 && topics[0] === transferTopic && accounts.has(`0x${topics[1]!.slice(26)}` as Address),
  )
  const groups = Map.groupBy(
    items,
    ({ transactionIndex, address, topics }) => `${transactionIndex} ${address} ${topics[1]}`,
  )
  return [...groups.values()]
    .flatMap((logs): Taking[] => {
      const [{ transactionIndex: index, address: token, topics }] = logs as [Log, ...Log[]]
      const owner: Address = `0x${topics[1]!.slice(26)}`
      const transaction = view.block.transactions[index]
      if (!transaction || hasActed(owner, index, view)) return []
      const hands = [transaction.to, transaction.from].flatMap((hand) => (hand && hand !== token ? [hand] : []))
      return [{ owner, token, logs, index, hands }]
    })
    .slice(0, takingsMax)
}

/** `isApprovedForAll(address,address)` */
const approvedRead = ({ owner, token }: Taking, hand: Address): Read => ({
  ...{ kind: 'call', at: 'parent', to: token },
  data: `0xe985e9c5${topicOf(owner).slice(2)}${topicOf(hand).slice(2)}`,
})

export const readsOfTakings = (takings: readonly Taking[]): Read[] =>
  takings.flatMap((taking) => [
    ...taking.hands.map((hand) => approvedRead(taking, hand)),
    nativeBalance(taking.owner, 'parent'),
    nativeBalance(taking.owner, 'block'),
  ])

/** Speaks where one who sells the items of an account takes some, and nothing comes in for them. */
export function judgeTakings(
  takings: readonly Taking[],
  {
    observation,
    memory,
    known,
    owners,
    show,
  }: {
    observation: Observation
    memory: Memory
    /** Contracts of the config: coins that are worth something. */
    known: ReadonlySet<Address>
    owners: ReadonlyMap<Address, Contract>
    show(address: Address): string
  },
): { claims: Claim[]; blind: string[]; memory: Record<string, Json> } {
  const claims: Claim[] = []
  const blind = new Set<string>()
  const rows = new Map<Address, Rows>()
  for (const taking of takings) {
    const { owner, token, logs, index } = taking
    const operator = taking.hands.find((hand) => readAmount(observation, approvedRead(taking, hand)).amount === 1n)
    const [before, after] = [nativeBalance(owner, 'parent'), nativeBalance(owner, 'block')].map((read) =>
      readAmount(observation, read),
    )
    if (before?.amount == null || after?.amount == null) {
      blind.add(`Whether ${show(owner)} was paid for items of ${show(token)} could not be read.`)
      continue
    }
    if (!operator) continue
    const all = rows.get(owner) ?? rememberedRows(memory, memoryKey(owner)) ?? {}
    const place = `${token} ${operator}`
    const row = all[place] ?? { paid: 0, free: 0, coins: [], unpaid: [] }
    const coins = coinsPaid(observation.block.receipts?.[index]?.logs ?? [], owner)
    const isNew = row.paid < sellsFrom
    const isPaid =
      after.amount > before.amount || coins.some((coin) => isNew || known.has(coin) || row.coins.includes(coin))
    const next = afterTaking(row, { isPaid, coins, count: logs.length, now: observation.block.timestamp })
    rows.set(owner, Object.fromEntries(Object.entries({ ...all, [place]: next }).slice(0, rowsMax)))
    if (isPaid || isNew || row.paid <= row.free) continue
    claims.push({
      key: `items ${token} ${index}`,
      transactionHash: logs[0]!.transactionHash,
      address: owner,
      title: `${show(operator)}, which ${owners.get(owner)?.name ?? show(owner)} lets take its ${show(token)} and which paid for them before, took ${next.unpaid.length} within a day for nothing`,
      facts: { operator, token, taken: next.unpaid.length, paidBefore: row.paid },
      evidence: 'hard',
      severity: next.unpaid.length >= pagesFrom ? 'high' : 'medium',
      actors: [operator],
      group: `items ${owner} ${operator}`,
    })
  }
  const remember = Object.fromEntries([...rows].map(([owner, own]) => [memoryKey(owner), own]))
  return { claims, blind: [...blind], memory: remember }
}

/** Tokens of which the account got some by their own word. */
const coinsPaid = (logs: readonly Log[], owner: Address): Address[] => [
  ...new Set(
    logs.flatMap(({ address, topics }) =>
      topics.length === 3 && topics[0] === transferTopic && topics[2] === topicOf(owner) ? [address] : [],
    ),
  ),
]

function afterTaking(
  row: Row,
  { isPaid, coins, count, now }: { isPaid: boolean; coins: readonly Hex[]; count: number; now: number },
): Row {
  const unpaid = row.unpaid.filter((time) => now - time <= daySeconds)
  if (isPaid) {
    const paidIn = row.paid < sellsFrom ? [...new Set([...row.coins, ...coins])].slice(0, coinsMax) : row.coins
    return { ...row, paid: Math.min(row.paid + 1, countedMax), coins: paidIn, unpaid }
  }
  if (row.paid < sellsFrom) return { ...row, free: Math.min(row.free + 1, countedMax), unpaid }
  return {
    ...row,
    unpaid: [...unpaid, ...Array.from({ length: Math.min(count, unpaidMax) }, () => now)].slice(-unpaidMax),
  }
}
