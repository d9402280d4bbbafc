import { proxySlots } from '../../../evm/proxySlots.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Json } from '../../../model/finding.ts'
import type { Probe, ReadResult } from '../../../model/read.ts'
import { type Holding, holdingsOf, movesOf, tokensAmong } from '../../simulation/holdings.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { showToken } from '../../tokens/showToken.ts'

/** Something of ours that would be otherwise once an order had been carried out. */
export type Effect = {
  /** The same for the same effect; amounts do not count in it, but for whether it is most of what there is. */
  name: string
  address: Address
  /** What it would do, behind "would". */
  words: string
  facts: Record<string, Json>
  kind: 'owner' | 'code' | 'money' | 'guardian'
  /** Of `money`: what, and how much of it. */
  paid?: { token: Address | 'native'; amount: bigint }
  /** Of `money`: shares come for it by which it may be taken back. */
  returned?: boolean
  /** Of `owner` and `code`: who has the say now. */
  next?: Address
}

/** A question that is asked before and after, and what its answer means. */
export type Question = { what: 'owner' | 'code'; probe: Probe; of: Address } | ({ what: 'held' } & Holding)

const [holdersMax, holdingsMax] = [12, 76]

/** Who owns ours, whose code they run, and what they hold of coins and of every token that the config names. */
export function questionsOf(names: ReadonlyMap<string, Contract>, executors: readonly Address[]): Question[] {
  const contracts = [...names.values()]
  const own = contracts.filter(({ role }) => role === 'protected').map(({ address }) => address)
  const holders = [...new Set([...executors, ...own])].slice(0, holdersMax)
  return [
    ...holders.flatMap((of): Question[] => [
      { what: 'owner', of, probe: { kind: 'call', to: of, data: '0x8da5cb5b' } },
      { what: 'code', of, probe: { kind: 'storage', of, slot: proxySlots.implementation } },
      { what: 'owner', of, probe: { kind: 'storage', of, slot: proxySlots.admin } },
    ]),
    // The coins of whoever executes leave only as calls say that they do.
    ...holdingsOf(holders, tokensAmong(names))
      .filter(({ token, of }) => token !== 'native' || !executors.includes(of))
      .slice(0, holdingsMax)
      .map((holding): Question => ({ what: 'held', ...holding })),
  ]
}

/** Of what is held, the part that must leave to be spoken of. */
const materialPercent = 1
/** So much is worth telling of again. */
const mostPercent = 50

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

function lossesAmong(
  questions: readonly Question[],
  before: readonly ReadResult[],
  after: readonly ReadResult[],
  show: (address: Address) => string,
): Effect[] {
  const held = questions.flatMap((question, place) => (question.what === 'held' ? [{ question, place }] : []))
  const holdings = held.map(({ question }) => question)
  const [old, next] = [before, after].map((answers) => held.map(({ place }) => answers[place])) as [
    (ReadResult | undefined)[],
    (ReadResult | undefined)[],
  ]
  return movesOf(holdings, old, next).flatMap(({ token, amount, held, of }): Effect[] => {
    if (amount <= 0n || !isPercentOf(amount, materialPercent, held)) return []
    const words = `take ${showPercent(amount, held)} of the ${showToken(token, show)} out of ${show(of)}`
    const facts = { token, amount: amount.toString(), held: held.toString() }
    const name = `money ${token}${isPercentOf(amount, mostPercent, held) ? ' most' : ''}`
    return [{ name, address: of, kind: 'money', words, facts, paid: { token, amount } }]
  })
}

function addressIn(result: ReadResult | undefined): Address | null {
  const digits = result?.ok ? /^0x0{24}([0-9a-f]{40})$/.exec(result.data)?.[1] : undefined
  return digits ? `0x${digits}` : null
}
