import type { Address, Call, Hex, Receipt, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { VersionedRule } from '../../../rules/compileVersions.ts'
import { judgeVersions } from '../../rules/judgeVersions.ts'

/** Something that somebody did at a contract that a service works at. */
export type Deed = {
  transaction: Transaction
  /** What was done: the selector of a function, `through 0x…` where a service's call came by another contract, or `work`. */
  task: string
  /** The service, or who else sent it. */
  by: Address
  failed: boolean
  /** The contract itself was called, so that the selector is its own: by the transaction, or inside it by the service. */
  direct: boolean
  /** Calldata of that call, or of the transaction. */
  input: Hex
}

/** Of one contract in one block. */
const deedsMax = 512

type View = Omit<Observation, 'state'>

/** What services and others did at a contract in a block, in its order. Pure. */
export function deedsIn(
  view: View,
  { address }: Contract,
  services: ReadonlySet<Address>,
): { deeds: Deed[]; left: number; worksElsewhere: boolean } {
  const { transactions, receipts } = view.block
  const touching = new Set([
    ...view.outcomes.map(({ transaction }) => transaction.index),
    ...view.logs.filter((log) => log.address === address).map(({ transactionIndex }) => transactionIndex),
  ])
  const calls = new Map(view.outcomes.map((outcome) => [outcome.transaction.index, outcome.calls]))
  let worksElsewhere = false
  const all = [...touching]
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const [transaction, receipt] = [transactions[index], receipts?.[index]]
      if (!transaction || !receipt) return []
      const known = calls.get(index)
      const inside = callOf(known ?? [], { address, services })
      if (inside) return [deedOfCall(transaction, inside)]
      const found = deedOf(transaction, receipt, { address, services, calls: known })
      worksElsewhere ||= found.length === 0 && isWorkElsewhere(transaction, receipt, services)
      return found
    })
  return { deeds: all.slice(0, deedsMax), left: Math.max(0, all.length - deedsMax), worksElsewhere }
}

/** A contract of the service did something, and nothing here: of what fails nobody knows then where it was to work. */
const isWorkElsewhere = ({ to, input }: Transaction, { status }: Receipt, services: ReadonlySet<Address>) =>
  status !== 'reverted' && to !== null && services.has(to) && input !== '0x'

type Where = { address: Address; services: ReadonlySet<Address>; calls?: readonly Call[] | undefined }

/** The first call inside a transaction by which a service worked at the contract, where calls are known. */
const callOf = (calls: readonly Call[], { address, services }: Omit<Where, 'calls'>): Call | undefined =>
  calls.find(
    ({ kind, to, from, depth, reverted, input }) =>
      kind === 'call' && depth > 0 && to === address && services.has(from) && !reverted && input.length >= 10,
  )

const deedOfCall = (transaction: Transaction, { from, input }: Call): Deed => ({
  ...{ transaction, task: input.slice(0, 10), by: from, failed: false, direct: true, input },
})

function deedOf(transaction: Transaction, { status, logs }: Receipt, { address, services, calls }: Where): Deed[] {
  const { from, to } = transaction
  const direct = to === address
  const ends = [from, to].find((each): each is Address => each !== null && each !== address && services.has(each))
  const failed = status === 'reverted'
  // What failed left no log: then the service itself must have been there, and have come here where calls are known.
  const cameHere = calls?.some((call) => call.to === address && services.has(call.from)) ?? true
  const isHere =
    direct || (failed ? ends !== undefined && ends === to && cameHere : logs.some((log) => log.address === address))
  // Who calls the contract itself does so for himself, whatever a service tells of it.
  const through = direct ? undefined : logs.find((log) => services.has(log.address) && log.address !== address)
  const by = ends ?? through?.address ?? from
  if (!isHere || (!direct && !services.has(by))) return []
  const task = direct ? selectorOf(transaction) : `through ${to}`
  return task === null ? [] : [{ transaction, task, by, failed, direct, input: transaction.input }]
}

/** Coins that are only sent are no work. */
function selectorOf({ input }: Transaction): Hex | null {
  return input.length >= 10 ? (input.slice(0, 10) as Hex) : null
}

/** Every time that a rule for the work is true. */
export function deedsOfRule(
  rule: VersionedRule,
  observation: Observation,
  services: ReadonlySet<Address>,
): { deeds: Deed[]; blind: string[] } {
  const { judged, blind } = judgeVersions(rule, observation)
  const hashes = new Set(judged.flatMap(({ matches }) => matches.map(({ transactionHash }) => transactionHash)))
  const deeds = observation.block.transactions
    .filter(({ hash }) => hashes.has(hash))
    .slice(0, deedsMax)
    .map((transaction): Deed => {
      const { from, to, index } = transaction
      const emitters = observation.block.receipts?.[index]?.logs.map(({ address }) => address) ?? []
      const by = [from, to, ...emitters].find((each) => each !== null && services.has(each)) ?? from
      return { transaction, task: 'work', by, failed: false, direct: true, input: transaction.input }
    })
  return { deeds, blind }
}
