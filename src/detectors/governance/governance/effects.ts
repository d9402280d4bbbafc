import { proxySlots } from '../../../evm/proxySlots.ts'
import { outcomesOf } from '../../../evm/simulation.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, Read, ReadResult, SimulatedCall } from '../../../model/read.ts'
import { isPercentOf, showPercent } from '../../value/amounts.ts'
import { tokenBalance } from '../../value/balances.ts'

/** Something of ours that would be otherwise once an order had been carried out. */
export type Effect = {
  /** The same for the same effect, whatever the amounts. */
  name: string
  address: Address
  /** What it would do, behind "would". */
  words: string
  facts: Record<string, Json>
  kind: 'owner' | 'code' | 'money' | 'guardian'
  /** Of `money`: what, and how much of it. */
  paid?: { token: Address | 'native'; amount: bigint }
  /** Of `owner` and `code`: who has the say now. */
  next?: Address
}

/** A question that is asked before and after, and what its answer means. */
export type Question = { probe: Probe; of: Address } & (
  | { what: 'owner' | 'code' }
  | { what: 'held'; token: Address | 'native' }
)

const [holdersMax, pairsMax] = [12, 64]
/** Contracts that are no tokens. */
const tokenless = new Set(['account', 'safe', 'governor', 'timelock', 'chainlink-feed', 'uniswap-v3-pool'])

/** Who owns ours, whose code they run, and what they hold of coins and of every token that the config names. */
export function questionsOf(names: ReadonlyMap<string, Contract>, executors: readonly Address[]): Question[] {
  const contracts = [...names.values()]
  const own = contracts.filter(({ role }) => role === 'protected').map(({ address }) => address)
  const holders = [...new Set([...executors, ...own])].slice(0, holdersMax)
  const tokens = contracts.filter(({ kind }) => !tokenless.has(kind ?? '')).map(({ address }) => address)
  const pairs = tokens.flatMap((token) => holders.map((of) => ({ token, of }))).filter(({ token, of }) => token !== of)
  return [
    ...holders.flatMap((of): Question[] => [
      { what: 'owner', of, probe: { kind: 'call', to: of, data: '0x8da5cb5b' } },
      { what: 'code', of, probe: { kind: 'storage', of, slot: proxySlots.implementation } },
      { what: 'owner', of, probe: { kind: 'storage', of, slot: proxySlots.admin } },
      { what: 'held', of, token: 'native', probe: { kind: 'balance', of } },
    ]),
    ...pairs.slice(0, pairsMax).map(({ token, of }): Question => {
      const { data } = tokenBalance(token, of, 'block') as Extract<Read, { kind: 'call' }>
      return { what: 'held', of, token, probe: { kind: 'call', to: token, data } }
    }),
  ]
}

export const nowRead = (probe: Probe): Read => ({ at: 'block', ...probe })
export const thenRead = (
  calls: readonly SimulatedCall[],
  probes: readonly Probe[],
  time: number | undefined,
): Read => ({
  ...{ at: 'block', kind: 'simulation', calls, probes },
  ...(time !== undefined && { time }),
})

/** Answers of one simulation. `blind`: nobody could tell; null: it cannot even be tried. */
export function simulatedIn(observation: Observation, read: Read) {
  const result = observation.state(read)
  if (result.ok) return outcomesOf(result.data)
  return result.reverted ? null : { blind: result.reason }
}

/** Of what is held, the part that must leave to be spoken of. */
const materialPercent = 1

export function effectsOf(
  questions: readonly Question[],
  before: readonly ReadResult[],
  after: readonly ReadResult[],
  show: (address: Address) => string,
): Effect[] {
  const changed = questions.flatMap((question, place): Effect[] => {
    if (question.what === 'held') return []
    const [old, next] = [before[place], after[place]].map((each) => addressIn(each))
    if (!old || !next || old === next) return []
    const { of, what } = question
    const words =
      what === 'owner'
        ? `hand ${show(of)} over from ${show(old)} to ${show(next)}`
        : `put the code of ${show(next)} behind ${show(of)}`
    return [
      { name: `${what} ${of} ${next}`, address: of, kind: what, words, next, facts: { before: old, after: next } },
    ]
  })
  return [...changed, ...lossesAmong(questions, before, after, show)]
}

/** By token, for all holders together: what moves among ours is not lost. */
function lossesAmong(
  questions: readonly Question[],
  before: readonly ReadResult[],
  after: readonly ReadResult[],
  show: (address: Address) => string,
): Effect[] {
  const moves = questions.flatMap((question, place) => {
    if (question.what !== 'held') return []
    const [old, next] = [before[place], after[place]].map((each) => amountIn(each))
    return old == null || next == null ? [] : [{ of: question.of, token: question.token, old, lost: old - next }]
  })
  return [...Map.groupBy(moves, ({ token }) => token)].flatMap(([token, group]): Effect[] => {
    const amount = group.reduce((sum, { lost }) => sum + lost, 0n)
    const held = group.reduce((sum, { old }) => sum + old, 0n)
    if (amount <= 0n || !isPercentOf(amount, materialPercent, held)) return []
    const { of } = group.reduce((most, each) => (each.lost > most.lost ? each : most))
    const words = `take ${showPercent(amount, held)} of the ${token === 'native' ? 'coins' : show(token)} out of ${show(of)}`
    const facts = { token, amount: amount.toString(), held: held.toString() }
    return [{ name: `money ${token}`, address: of, kind: 'money', words, facts, paid: { token, amount } }]
  })
}

function addressIn(result: ReadResult | undefined): Address | null {
  const digits = result?.ok ? /^0x0{24}([0-9a-f]{40})$/.exec(result.data)?.[1] : undefined
  return digits ? `0x${digits}` : null
}

const amountIn = (result: ReadResult | undefined): bigint | null =>
  result?.ok && result.data.length === 66 ? BigInt(result.data) : null
