import { z } from 'zod'
import { type Movement, tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import type { Book } from './book.ts'
import { riseOf } from './judgeBook.ts'
import type { BackingOptions } from './options.ts'

/** Who made a share worth more, and by how much. Plain data. */
const riserShape = z.object({
  ...{ from: hexShape, block: z.number(), index: z.number(), transaction: hexShape },
  ...{ part: decimalShape, whole: decimalShape },
})
type Riser = z.output<typeof riserShape>
const rememberedRisers = remembered(z.array(riserShape))

/** Whoever lent against the share was paid by then: five minutes on a chain of twelve seconds. */
const blocksMax = 25
const [risersMax, claimsMax] = [8, 4]

const risersKey = (target: Address) => `risers ${target}`

/** Where there are users, what they pay and tell is needed, too. */
export type Users = ReadonlyMap<Address, { name: string }>

export const isRising = (target: Address, memory: Memory): boolean =>
  rememberedRisers(memory, risersKey(target)) !== undefined

/**
 * Speaks where somebody makes a share worth more by what he gives to it, and then gets something from a contract that
 * takes it as worth something: what he gave counts for all the shares that he pledged, and is his again when he is paid.
 */
export function judgeUsedRises(
  { target, before, after }: { target: Contract; before: readonly Book[]; after: readonly Book[] },
  { observation, memory, options, users }: Judging,
): { claims: Claim[]; memory: Record<string, Json> } {
  if (users.size === 0) return { claims: [], memory: {} }
  const { number } = observation.block
  const known = rememberedRisers(memory, risersKey(target.address)) ?? []
  const rise = largestRise(before, after, options)
  const news = rise ? causesOf(target, observation).map((each) => riserOf(each, number, rise)) : []
  const risers = [...known.filter(({ block }) => number - block <= blocksMax), ...news].slice(-risersMax)
  const claims: Claim[] = []
  const told = new Set<Riser>()
  for (const transaction of observation.block.transactions) {
    const riser = risers.findLast(
      ({ from, block, index }) => from === transaction.from && (block < number || index <= transaction.index),
    )
    const user = riser && !told.has(riser) && userOf(transaction, { observation, users, target })
    if (!user || claims.length === claimsMax) continue
    told.add(riser)
    claims.push(claimUse({ target, riser, user, name: users.get(user)!.name, transaction, options }))
  }
  const left = risers.filter((each) => !told.has(each))
  const isSame = known.length === left.length && left.every((each, index) => each === known[index])
  return { claims, memory: isSame ? {} : { [risersKey(target.address)]: left.length > 0 ? left : null } }
}

type Judging = { observation: Observation; memory: Memory; options: BackingOptions; users: Users }
type Rise = { part: bigint; whole: bigint }

function largestRise(before: readonly Book[], after: readonly Book[], { usedPercent }: BackingOptions): Rise | null {
  const rises = after.flatMap((book) => {
    const was = before.find(({ name }) => name === book.name)
    if (!was || book.cover || was.claims === 0n || book.claims === 0n) return []
    const rise = riseOf(was, book)
    return rise.whole > 0n && isPercentOf(rise.part, usedPercent, rise.whole) ? [rise] : []
  })
  return rises.toSorted((a, b) => (b.part * a.whole > a.part * b.whole ? 1 : -1))[0] ?? null
}

const riserOf = ({ from, hash, index }: Transaction, block: number, { part, whole }: Rise): Riser => ({
  ...{ from, block, index, transaction: hash },
  ...{ part: String(part), whole: String(whole) },
})

/** The only one that touched it, or those that brought it something for which no shares were made. */
function causesOf({ address }: Contract, observation: Observation): Transaction[] {
  const touching = transactionsTouching(observation, address)
  if (touching.length < 2) return touching
  return touching.filter((transaction) => {
    const moved = movedIn(transaction, observation)
    const brought = moved.filter(({ asset, to }) => to === address && asset !== address).length
    const made = moved.filter(({ asset, from }) => from === zeroAddress && asset === address).length
    return brought > made
  })
}

const movedIn = ({ index }: Transaction, { block }: Observation): Movement[] =>
  tokenMovements(block.receipts?.[index]?.logs ?? [])

/** A contract that paid out, or told of something while a token was made. Shares themselves are handed to and fro. */
function userOf(
  transaction: Transaction,
  { observation, users, target }: { observation: Observation; users: Users; target: Contract },
): Address | undefined {
  const moved = movedIn(transaction, observation).filter(({ asset }) => asset !== target.address)
  const paying = moved.find(({ from, to }) => users.has(from) && !users.has(to) && to !== target.address)
  if (paying) return paying.from
  if (!moved.some(({ from, asset }) => from === zeroAddress && !users.has(asset as Address))) return undefined
  const logs = observation.block.receipts?.[transaction.index]?.logs ?? []
  return logs.find(({ address }) => users.has(address))?.address
}

function claimUse({
  target,
  riser,
  user,
  name,
  transaction,
  options,
}: {
  target: Contract
  riser: Riser
  user: Address
  name: string
  transaction: Transaction
  options: BackingOptions
}): Claim {
  const [part, whole] = [BigInt(riser.part), BigInt(riser.whole)]
  const share = showPercent(part, whole)
  return {
    key: `used rise ${target.address} ${user}`,
    transactionHash: transaction.hash,
    address: user,
    title: `Whoever made what stands behind each share of ${target.name} ${share} more was then paid by ${name}, which takes it as worth something`,
    facts: {
      ...{ shares: target.address, risenBy: share, sender: transaction.from },
      risenIn: riser.transaction,
    },
    evidence: 'hard',
    severity: isPercentOf(part, options.risePercent, whole) ? 'critical' : 'high',
    confidence: 'high',
  }
}
