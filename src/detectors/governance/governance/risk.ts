import { getContractAddress } from 'viem/utils'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { type Deed, type KnownCall, knownCall } from '../../calls/knownFunctions.ts'
import { showToken } from '../../tokens/showToken.ts'
import { keptCalls, readsOfKept } from './keptPayments.ts'
import { mentions } from './mentions.ts'
import type { Order } from './orders.ts'

export type Reason = { points: number; why: string }
export type Risk = { score: number; reasons: Reason[] }

/**
 * What each thing that an order does weighs, added up. An upgrade alone, a grant of money alone or a role alone is what
 * honest governance does; two of them, or one that serves whoever proposes it, is what a takeover looks like.
 */
const points = {
  upgrade: 40,
  delegatecall: 40,
  power: 30,
  everybody: 30,
  rules: 30,
  /** Of what the payer holds, or of the supply: from so many percent on. */
  money: [
    { percent: 50, points: 70 },
    { percent: 20, points: 50 },
    { percent: 1, points: 30 },
  ],
  /** Money that only changes its place. */
  kept: 30,
  unknownShare: 30,
  noCode: 20,
  toZero: 20,
  noTime: 40,
  forProposer: 20,
  codeOfProposer: 10,
  loneKey: 20,
  unknownCall: 20,
  unread: 20,
  unmentioned: 15,
} as const

type Named = { call: Instruction; known: KnownCall | null }
export type Weighing = {
  observation: Observation
  names: ReadonlyMap<string, Contract>
  show(address: Address): string
}

/** Addresses and amounts of one order that are looked up. */
const looksMax = 16
/** Contracts that an account created lately are known by its nonce. */
const noncesMax = 32

const named = ({ calls }: Order): Named[] => calls.map((call) => ({ call, known: knownCall(call) }))
const deedsOf = (order: Order): Deed[] => named(order).flatMap(({ known }) => known?.deed ?? [])

const codeOf = (of: Address): Read => ({ kind: 'code', at: 'block', of })
const balanceOf = ({ token, from }: NonNullable<Deed['pays']>): Read => {
  if (token === 'native') return { kind: 'balance', at: 'block', of: from as Address }
  if (from === 'supply') return { kind: 'call', at: 'block', to: token, data: '0x18160ddd' }
  return { kind: 'call', at: 'block', to: token, data: `0x70a08231${'0'.repeat(24)}${from.slice(2)}` }
}

/** Coins that are paid along, as if they were a token. */
const paymentsOf = ({ calls }: Pick<Order, 'calls'>): NonNullable<Deed['pays']>[] => [
  ...calls.flatMap(({ by, value }) =>
    by && value > 0n ? [{ token: 'native' as const, from: by, amount: value }] : [],
  ),
  ...calls.flatMap((call) => knownCall(call)?.deed?.pays ?? []),
]
const beneficiariesOf = (order: Order): Address[] => [...new Set(deedsOf(order).flatMap(({ gains }) => gains ?? []))]
const targetsOf = (order: Order): Address[] => [...new Set(order.calls.map(({ to }) => to))]

/** What weighing an order needs to know of the state. */
export function readsOfRisk(order: Order): Read[] {
  const codes = [...beneficiariesOf(order).slice(0, looksMax), ...targetsOf(order).slice(0, looksMax)]
  return [...codes.map(codeOf), ...paymentsOf(order).slice(0, looksMax).map(balanceOf), ...readsOfKept(order.calls)]
}

export function riskOf(order: Order, weighing: Weighing): Risk {
  const kept = keptCalls(order.calls, weighing)
  const [stays, leaves] = [true, false].map((isKept) => order.calls.filter((call) => kept.has(call) === isKept))
  const reasons = [
    ...ofPower(order, weighing),
    ...ofMoney(leaves!, weighing),
    ...ofMoney(stays!, weighing).map(({ points: weight, why }) => ({
      points: Math.min(weight, points.kept),
      why: `${why}, and it stays where it belongs`,
    })),
    ...ofProposer(order, weighing),
    ...ofUnknown(order, kept, weighing),
    ...ofWords(order),
  ]
  return { score: reasons.reduce((sum, reason) => sum + reason.points, 0), reasons }
}

const first = <Item>(items: readonly Item[], reason: (item: Item) => Reason): Reason[] => items.slice(0, 1).map(reason)

function ofPower(order: Order, { show, observation }: Weighing): Reason[] {
  const all = named(order)
  const of = (kind: Deed['kind']) => all.filter(({ known }) => known?.deed?.kind === kind)
  const gainers = of('power').flatMap(({ known }) => known?.deed?.gains ?? [])
  const codes = of('upgrade').flatMap(({ known }) => known?.deed?.gains ?? [])
  const words = ({ call, known }: Named) => `${known?.name} on ${show(call.to)}`
  return [
    ...first(of('upgrade'), (each) => ({ points: points.upgrade, why: `it replaces code: ${words(each)}` })),
    ...first(
      codes.filter((code) => hasCode(observation, code) === false),
      (code) => ({
        points: points.noCode,
        why: `the new code ${show(code)} does not exist yet`,
      }),
    ),
    ...first(
      order.calls.filter(({ way }) => way === 'delegatecall'),
      ({ to }) => ({
        points: points.delegatecall,
        why: `it runs the code of ${show(to)} by delegatecall`,
      }),
    ),
    ...first(of('power'), (each) => ({ points: points.power, why: `it changes who may do what: ${words(each)}` })),
    ...first(
      gainers.filter((account) => hasCode(observation, account) === false),
      (account) => ({
        points: points.loneKey,
        why: `power goes to ${show(account)}, an account of a single key`,
      }),
    ),
    ...first(of('power').filter(isOpening), (each) => ({
      points: points.everybody,
      why: `it opens functions to everybody: ${words(each)}`,
    })),
    ...first(of('rules'), (each) => ({
      points: points.rules,
      why: `it changes how decisions are made: ${words(each)}`,
    })),
    ...first(
      of('rules').filter(({ known }) => known?.args[0] === 0n),
      (each) => ({
        points: of('rules').some(leavesNothing) ? points.noTime : points.toZero,
        why: `it sets to zero: ${words(of('rules').find(leavesNothing) ?? each)}`,
      }),
    ),
  ]
}

/** What others need to stop a decision, or to be asked at all; a vote that begins at once or needs no votes to be proposed is usual. */
const safeguards = [
  ...['updateDelay', 'setDelay', 'setTxCooldown', 'setLiveness', 'changeDefaultAdminDelay'],
  ...['updateQuorumNumerator', 'setQuorum'],
]
const leavesNothing = ({ known }: Named) => safeguards.includes(known?.name ?? '') && known?.args[0] === 0n

/** `PUBLIC_ROLE` of an AccessManager: everybody has it. */
const publicRole = 2n ** 64n - 1n
const isOpening = ({ known }: Named) => known?.name === 'setTargetFunctionRole' && known.args[2] === publicRole

function hasCode(observation: Observation, account: Address): boolean | null {
  const answer = observation.state(codeOf(account))
  return answer.ok ? answer.data !== '0x' : null
}

/** The greatest share of what one payer holds of one token; parts of it are added up. */
function ofMoney(calls: readonly Instruction[], { observation, show }: Weighing): Reason[] {
  const payments = paymentsOf({ calls: [...calls] }).slice(0, looksMax)
  const sums = Map.groupBy(payments, ({ token, from }) => `${token} ${from}`)
  const shares = [...sums.values()].flatMap((group) => {
    const [{ token, from }] = group as [NonNullable<Deed['pays']>]
    const amount = group.reduce((sum, each) => sum + each.amount, 0n)
    const answer = observation.state(balanceOf(group[0]!))
    const held = answer.ok && /^0x[0-9a-f]{1,64}$/.test(answer.data) ? BigInt(answer.data) : null
    const what = `${showToken(token, show)} of ${from === 'supply' ? 'the supply' : show(from)}`
    if (amount === 0n) return []
    if (held === null)
      return [{ points: points.unknownShare, why: `it moves ${what}, of which nobody knows how much there is` }]
    // Of what is not there, nothing can be taken.
    if (held === 0n) return []
    const percent = (amount * 100n) / held
    const level = points.money.find((each) => percent >= BigInt(each.percent))
    const share = percent > 100n ? 'all' : `${percent} %`
    return level ? [{ points: level.points, why: `it moves ${share} of ${what}` }] : []
  })
  return shares.toSorted((a, b) => b.points - a.points).slice(0, 1)
}

function ofProposer(order: Order, { show }: Weighing): Reason[] {
  const created = createdBy(order)
  const deeds = deedsOf(order)
  const served = deeds.filter(({ kind }) => kind !== 'upgrade').flatMap(({ gains }) => gains ?? [])
  const codes = deeds.filter(({ kind }) => kind === 'upgrade').flatMap(({ gains }) => gains ?? [])
  const isOwn = (account: Address) => account === order.proposer || created.has(account)
  return [
    ...first(served.filter(isOwn), (account) => ({
      points: points.forProposer,
      why: `it serves ${show(account)}, which is the proposer or was created by it`,
    })),
    ...first(
      codes.filter((code) => created.has(code)),
      (code) => ({
        points: points.codeOfProposer,
        why: `the proposer itself created the new code ${show(code)}`,
      }),
    ),
  ]
}

function createdBy({ transaction }: Order): ReadonlySet<Address> {
  if (!transaction) return new Set()
  const { from, nonce } = transaction
  const nonces = Array.from({ length: Math.min(noncesMax, nonce) }, (_, back) => BigInt(nonce - 1 - back))
  return new Set(nonces.map((each) => getContractAddress({ from, nonce: each }).toLowerCase() as Address))
}

/** Calls that nobody can read, to contracts that nobody named. */
function ofUnknown(order: Order, kept: ReadonlySet<Instruction>, { names, observation, show }: Weighing): Reason[] {
  const ours = new Set([...names.values()].map(({ address }) => address))
  const created = createdBy(order)
  const isUnknown = ({ call, known }: Named) =>
    !known && call.data.length >= 10 && !ours.has(call.to) && !kept.has(call) && !isWrapper(order, call)
  const unknown = named(order).filter(isUnknown)
  const empty = order.calls.filter(({ to, data }) => data !== '0x' && hasCode(observation, to) === false)
  return [
    ...first(unknown, ({ call }) => ({
      points: points.unknownCall,
      why: `it calls ${show(call.to)} in a way that nobody knows`,
    })),
    ...first(
      unknown.filter(({ call }) => created.has(call.to)),
      ({ call }) => ({
        points: points.forProposer,
        why: `${show(call.to)} was created by the proposer`,
      }),
    ),
    ...first(empty, ({ to }) => ({ points: points.noCode, why: `it calls ${show(to)}, where there is no code` })),
    ...first(order.unread, (why) => ({ points: points.unread, why: `part of it cannot be read: ${why}` })),
  ]
}

/** A call that was opened is followed by what it holds. */
function isWrapper({ calls }: Order, call: Instruction): boolean {
  const next = calls[calls.indexOf(call) + 1]
  return next !== undefined && next.inside.length > call.inside.length
}

const spoken: Record<Deed['kind'], string> = {
  upgrade: 'an upgrade',
  power: 'a change of power',
  rules: 'a change of the rules',
  money: 'a payment',
}

/** More than half of honest proposals say less than they do, so it weighs little. */
function ofWords(order: Order): Reason[] {
  const { description } = order
  if (description === null) return []
  const kinds = new Set(deedsOf(order).map(({ kind }) => kind))
  if (order.calls.some(({ value }) => value > 0n)) kinds.add('money')
  const silent = [...kinds].filter((kind) => !mentions(description, kind))
  return first(silent, (kind) => ({
    points: points.unmentioned,
    why: `its description does not mention ${spoken[kind]}`,
  }))
}

/** Contracts of the config that an order calls or takes from. */
export function concernedBy(order: Order, names: ReadonlyMap<string, Contract>): Address[] {
  const touched = new Set([...targetsOf(order), ...paymentsOf(order).map(({ from }) => from)])
  const own = [...names.values()].filter(({ role, address }) => role === 'protected' && touched.has(address))
  return own.map(({ address }) => address)
}
