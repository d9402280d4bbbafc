import { assetKey, deltasOf } from '../../../evm/ledger/deltasOf.ts'
import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Loss } from './losses.ts'

/**
 * What sets a theft apart from somebody who takes out what is his.
 * `repeated`: who was called got the same sum from the contract several times, as one does who re-enters it, or somebody
 * had all of it in the end, as one does who asks by the hand of many.
 * `fresh`: the contract that was called is younger than the block, and no claims were given up for what was taken.
 * `more out than in`: somebody put in and took out more in one go, and no claims were given up for it.
 * `in and out`: somebody put something in, took it out again in one go, and got something else along with it, as one does
 * who borrows for one transaction what others leave there for months.
 */
export type Sign = 'repeated' | 'fresh' | 'more out than in' | 'in and out'

const repeatedMin = 3

/** Whether the contract that was called is one that was made in this block. */
export const codeReads = ({ transaction: { to } }: Loss): Read[] =>
  to === null
    ? []
    : [
        { kind: 'code', at: 'parent', of: to },
        { kind: 'code', at: 'block', of: to },
      ]

const calledIn = ({ transaction, receipt }: Loss) => transaction.to ?? receipt.contractAddress

/**
 * Who calls a watched contract itself takes out what it lets him, as users do. Where it got something for it, as pools do
 * all day, only what shows without a question is looked at.
 */
export function isSuspect(
  loss: Loss,
  view: Pick<Observation, 'block'>,
  targets: ReadonlyMap<Address, unknown>,
): boolean {
  const called = calledIn(loss)
  if (!called || targets.has(called)) return false
  return loss.gains.length === 0 || isRepeated(loss, called) || isMoreOut(loss, called) || isMadeIn(view, loss, called)
}

const isMadeIn = ({ block }: Pick<Observation, 'block'>, { transaction }: Loss, called: Address): boolean =>
  transaction.to === null || block.receipts?.some(({ contractAddress }) => contractAddress === called) === true

export function signsOf(
  loss: Loss,
  observation: Observation,
  { targets, trusted }: { targets: ReadonlyMap<Address, unknown>; trusted: ReadonlySet<Address | 'native'> },
): Sign[] {
  const called = calledIn(loss)
  if (!called || !isSuspect(loss, observation, targets)) return []
  const gaveUp = gaveUpClaims(loss, trusted)
  return [
    ...(isRepeated(loss, called) ? (['repeated'] as const) : []),
    ...(!gaveUp && isFresh(loss, observation) ? (['fresh'] as const) : []),
    ...(!gaveUp && isMoreOut(loss, called) ? (['more out than in'] as const) : []),
    ...(!gaveUp && isInAndOut(loss, called, trusted) ? (['in and out'] as const) : []),
  ]
}

function isRepeated({ movements, deltas, asset, target }: Loss, called: Address): boolean {
  const paid = movements.filter((each) => each.asset === asset && each.from === target.address)
  const gains = [...(deltas.get(assetKey({ asset, id: null })) ?? [])].map(([, gain]) => gain)
  const most = gains.reduce((a, b) => (b > a ? b : a), 0n)
  const times = Map.groupBy(paid, ({ amount }) => amount).values()
  return [...times].some((same) => {
    const isOnes = same.filter(({ to }) => to === called).length >= repeatedMin
    const hands = new Set(same.map(({ to }) => to)).size
    return isOnes || (hands >= repeatedMin && most >= same[0]!.amount * BigInt(same.length))
  })
}

function isFresh(loss: Loss, observation: Observation): boolean {
  const reads = codeReads(loss)
  if (reads.length === 0) return true
  const [before, after] = reads.map((read) => observation.state(read))
  return before?.ok === true && before.data === '0x' && after?.ok === true && after.data !== '0x'
}

/** At least half of what was taken out was put in before, by the one who called or was called. */
function isMoreOut({ movements, asset, target, transaction: { from } }: Loss, called: Address): boolean {
  const actors = new Set([from, called])
  const own = movements.filter((each) => each.asset === asset)
  const into = own.filter((each) => each.to === target.address && actors.has(each.from))
  const out = own.filter((each) => each.from === target.address && actors.has(each.to))
  const sum = (list: typeof own) => list.reduce((total, { amount }) => total + amount, 0n)
  return 2n * sum(into) >= sum(out) && sum(out) > sum(into)
}

/** By the one who called or was called: as much as nearly all of it, in this order, as a flash loan of ours is not. */
function isInAndOut(
  { movements, asset, target, transaction: { from } }: Loss,
  called: Address,
  trusted: ReadonlySet<Address | 'native'>,
): boolean {
  const actors = new Set([from, called])
  const isActors = (each: Movement) =>
    each.from === target.address ? actors.has(each.to) : each.to === target.address && actors.has(each.from)
  const own = movements.filter(isActors)
  if (!own.some((each) => each.asset === asset && each.from === target.address)) return false
  const others = Map.groupBy(
    own.filter((each) => each.asset !== asset && each.id === null && trusted.has(each.asset)),
    (each) => each.asset,
  )
  return [...others.values()].some((moved) => {
    const into = moved.filter((each) => each.to === target.address)
    const net = moved.reduce((sum, { from, amount }) => (from === target.address ? sum - amount : sum + amount), 0n)
    const put = into.reduce((sum, { amount }) => sum + amount, 0n)
    return moved[0]!.to === target.address && put > 0n && net * 100n <= put && -net * 100n <= put
  })
}

/**
 * Whether shares or receipts of a deposit were burned for it: those of the contract itself, or of a token that the config
 * names and that pays nothing out itself. Who unwraps coins or burns a token of his own gave up no claim on ours.
 */
function gaveUpClaims({ movements, asset, target }: Loss, trusted: ReadonlySet<Address | 'native'>): boolean {
  const isClaim = (token: Address | 'native') =>
    token !== asset && (token === target.address || (trusted.has(token) && !paysOut(movements, token)))
  const deltas = deltasOf(movements.filter((each) => isClaim(each.asset)))
  return [...deltas.values()].some((accounts) => (accounts.get(zeroAddress) ?? 0n) > 0n)
}

const paysOut = (movements: Loss['movements'], account: Address | 'native') =>
  movements.some(({ from, amount }) => from === account && amount > 0n)
