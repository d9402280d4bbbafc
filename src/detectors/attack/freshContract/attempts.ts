import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, Read, ReadResult, SimulatedCall } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import { amountIn, type Holding, holdingsOf, type Move, movesOf } from '../../simulation/holdings.ts'
import { nowRead, simulatedIn, thenRead } from '../../simulation/simulatedReads.ts'
import { tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { netShape } from './suspects.ts'

/** A new contract whose functions are tried, as it is remembered. */
const tried = z.object({
  contract: hexShape,
  creator: hexShape,
  /** One of ours that it names: what a function that asks for a victim is told. */
  victim: hexShape,
  /** The first four bytes by which it is called, without their `0x`, in one text. */
  entries: z.string(),
  /** Who may gain by it, besides its creator and itself. */
  receivers: z.array(hexShape),
  score: z.number(),
  /** Unix time of its creation. */
  time: z.number(),
  /** Turns that it has had: each tries the next functions. */
  turns: z.number(),
  /** People were told of something that may be honest. */
  told: z.boolean(),
  /** What it and its creator took out of ours since, less what they brought: they may have that back. */
  net: netShape,
})
export type Tried = z.output<typeof tried>
const rememberedTried = remembered(z.array(tried))

const triedKey = 'tried'
export const everyBlocks = 25
const [hour, seconds] = [3_600, 86_400]
/** Functions in one turn, contracts at once, and those of ours, tokens and receivers that are looked at. */
const triedMax = 6
/** In one block. Strangers pay for what a simulation burns only once; we each time. */
export const triedAtOnce = 3
/** Of one call: twice what attacks use. */
const gas = 8_000_000
const [entriesPerTurn, oursMax, tokensMax, receiversMax] = [12, 8, 6, 4]

export const triedIn = (memory: Memory) => rememberedTried(memory, triedKey) ?? []

export type Attempting = { ours: readonly Address[]; tokens: readonly Address[] }
export const attempting = (ours: readonly Address[], tokens: readonly Address[]): Attempting => ({
  ours: ours.slice(0, oursMax),
  tokens: tokens.slice(0, tokensMax),
})

export const receiversOf = (found: readonly Address[], known: ReadonlySet<Address>): Address[] =>
  found.filter((address) => !known.has(address)).slice(0, receiversMax)

/** What is new is tried at once, then every so many blocks for an hour, then about once an hour for a day. */
export function turnsOf(known: readonly Tried[], fresh: readonly Tried[], { number, timestamp }: Observation['block']) {
  const byScore = (a: Tried, b: Tried) => b.score - a.score || b.time - a.time
  const first = fresh.toSorted(byScore).slice(0, triedAtOnce)
  const young = known.filter(({ time }) => time > timestamp - seconds)
  const due = young
    .filter(({ time }) => number % (time > timestamp - hour ? everyBlocks : 12 * everyBlocks) === 0)
    .toSorted((a, b) => a.turns - b.turns)
    .slice(0, triedAtOnce - first.length)
  return {
    kept: [...young, ...first].toSorted(byScore).slice(0, triedMax),
    due: [...due, ...first],
    left: fresh.length - first.length,
  }
}

/** Arguments, for functions that want some; those without are not disturbed by them. */
const argumentsMax = 3
/** Who is to be robbed, without coins; and a small number, with a coin to begin with. */
const ways = [
  { value: 0n, word: (victim: Address) => `${'0'.repeat(24)}${victim.slice(2)}` },
  { value: 10n ** 18n, word: () => 'a'.padStart(64, '0') },
]

export const callsPerTurn = entriesPerTurn * ways.length

/** The functions of this turn, and, first of all, no function at all. */
function callsOf({ contract, creator, entries, victim, turns }: Tried): SimulatedCall[] {
  const all: Hex[] = ['0x', ...(entries.match(/.{8}/g) ?? []).map((digits): Hex => `0x${digits}`)]
  const parts = Math.ceil(all.length / entriesPerTurn)
  const from = (turns % parts) * entriesPerTurn
  return all.slice(from, from + entriesPerTurn).flatMap((entry) =>
    ways.map(({ value, word }): SimulatedCall => {
      const data: Hex = entry === '0x' ? entry : `${entry}${word(victim).repeat(argumentsMax)}`
      return { from: creator, to: contract, data, value, gas }
    }),
  )
}

type Questions = {
  holdings: Holding[]
  /** Of whoever may gain. */
  gains: Holding[]
  supplies: Probe[]
  /** What ours owe the contract and its creator, as far as they say so: for each of ours, one after the other. */
  debts: Probe[]
}

function questionsOf({ contract, creator, receivers }: Tried, { ours, tokens }: Attempting): Questions {
  return {
    holdings: holdingsOf(ours, tokens),
    gains: holdingsOf([contract, creator, ...receivers], tokens),
    supplies: ours.map((of) => probeOf(totalSupply(of, 'block'))),
    debts: ours.flatMap((of) => [contract, creator].map((whom) => probeOf(tokenBalance(of, whom, 'block')))),
  }
}

const probesOf = ({ holdings, gains, supplies, debts }: Questions): Probe[] => [
  ...[...holdings, ...gains].map(({ probe }) => probe),
  ...supplies,
  ...debts,
]

const probeOf = (read: Read): Probe => {
  const { to, data } = read as Extract<Read, { kind: 'call' }>
  return { kind: 'call', to, data }
}

export function readsOfAttempts(tried: Tried, what: Attempting): Read[] {
  const probes = probesOf(questionsOf(tried, what))
  return [...probes.map(nowRead), ...callsOf(tried).map((call) => thenRead([call], probes))]
}

/** What ours would lose if its creator called the contract so. */
export type Attempt = {
  call: SimulatedCall
  losses: Move[]
  /** Something of value would come in instead, so that the loss may be a price. */
  paid: boolean
  /** Whoever has to do with the contract would have more than before. */
  gains: boolean
}

/** Attempts that would cost ours at least so many percent of something, the worst first. */
export function attemptsOf(
  tried: Tried,
  what: Attempting,
  observation: Pick<Observation, 'state'>,
  isMuch: (move: Move) => boolean,
): { attempts: Attempt[]; blind: string[] } {
  const questions = questionsOf(tried, what)
  const probes = probesOf(questions)
  const before = probes.map((probe) => observation.state(nowRead(probe)))
  const blind = new Set<string>()
  const attempts = callsOf(tried).flatMap((call): Attempt[] => {
    const simulated = simulatedIn(observation, thenRead([call], probes))
    if (simulated && 'blind' in simulated) blind.add(simulated.blind)
    if (!simulated || 'blind' in simulated || !simulated.calls[0]?.ok) return []
    const attempt = attemptOf(questions, tried.net, before, simulated.after)
    const losses = attempt.losses.filter(isMuch)
    return losses.length > 0 ? [{ ...attempt, call, losses }] : []
  })
  const share = ({ losses: [first] }: Attempt) => (first ? (first.amount * 10_000n) / first.held : 0n)
  const rank = (each: Attempt) => (each.gains && !each.paid ? 1_000_000n : 0n) + share(each)
  return { attempts: attempts.toSorted((a, b) => Number(rank(b) - rank(a))), blind: [...blind] }
}

type Answers = readonly ReadResult[]

function attemptOf(
  { holdings, gains, supplies, debts }: Questions,
  net: Tried['net'],
  before: Answers,
  after: Answers,
): Omit<Attempt, 'call'> {
  let place = 0
  const next = (count: number): [Answers, Answers] => {
    place += count
    return [before.slice(place - count, place), after.slice(place - count, place)]
  }
  const moves = movesOf(holdings, ...next(holdings.length))
  const gained = movesOf(gains, ...next(gains.length)).filter(({ amount }) => amount < 0n)
  const shares = next(supplies.length)
  const burned = burnedShare(...shares)
  const givenUp = givenUpIn(shares[0], ...next(debts.length))
  const losses = moves.flatMap((move) => {
    const brought = -BigInt(net.find(([token]) => token === move.token)?.[1] ?? 0)
    // Shares that are given back are worth their part of what is held; what was brought or is owed, itself.
    const due = (move.held * burned.parts) / burned.of + (brought > givenUp ? brought : givenUp)
    return move.amount > due ? [{ ...move, amount: move.amount - due }] : []
  })
  const lostOf = (token: Move['token']) => losses.find((loss) => loss.token === token)?.amount ?? 0n
  return {
    losses: losses.toSorted((a, b) => Number((b.amount * 10_000n) / b.held - (a.amount * 10_000n) / a.held)),
    paid: moves.some(({ amount, held }) => amount < 0n && held > 0n),
    // A tenth of it, so that the fee of whoever turns a crank for others is none; coins may have been a token before.
    gains: gained.some(({ token, amount }) =>
      lostOf(token) > 0n ? -amount * 10n >= lostOf(token) : token === 'native',
    ),
  }
}

/** What the contract and its creator would be owed no more, by those of ours that count no shares. */
function givenUpIn(supplies: Answers, before: Answers, after: Answers): bigint {
  const accounts = before.length / Math.max(1, supplies.length)
  return before.reduce((sum, answer, place) => {
    const [old, next] = [amountIn(answer), amountIn(after[place])]
    const hasShares = amountIn(supplies[Math.floor(place / accounts)]) !== null
    return hasShares || old === null || next === null || next >= old ? sum : sum + old - next
  }, 0n)
}

/** The greatest part of the shares of one of ours that would be destroyed. */
function burnedShare(before: Answers, after: Answers): { parts: bigint; of: bigint } {
  let most = { parts: 0n, of: 1n }
  for (const [place, answer] of before.entries()) {
    const [old, next] = [amountIn(answer), amountIn(after[place])]
    if (old === null || next === null || next >= old) continue
    if ((old - next) * most.of > most.parts * old) most = { parts: old - next, of: old }
  }
  return most
}

/** What to remember. @param told Those that people were told of; true: they need not be tried any more. */
export function nextTried(
  memory: Memory,
  { kept, due }: { kept: readonly Tried[]; due: readonly Tried[] },
  told: ReadonlyMap<Address, boolean>,
): Record<string, Json> {
  const next = kept
    .filter(({ contract }) => told.get(contract) !== true)
    .map((each) =>
      due.includes(each) ? { ...each, turns: each.turns + 1, told: each.told || told.has(each.contract) } : each,
    )
  return isDeepStrictEqual(triedIn(memory), next) ? {} : { [triedKey]: next.length > 0 ? next : null }
}
