import { toFunctionSelector, toHex } from 'viem/utils'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read, SimulatedCall } from '../../../model/read.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { nowRead, simulatedIn, thenRead } from '../../simulation/simulatedReads.ts'
import { claimEffect, isHidden } from './claimEffects.ts'
import { groupOf, shortId } from './claimOrders.ts'
import { type Effect, effectsOf, type Question } from './effects.ts'
import type { GovernanceLog } from './governanceLogs.ts'
import {
  type Guardian,
  guardianLost,
  guardianNow,
  guardianProbes,
  heirsAfter,
  heirsBefore,
  heirsKey,
  heirsOf,
} from './guardians.ts'
import {
  callsIn,
  callsOf,
  closedBy,
  isNear,
  isYoung,
  type OpenOrder,
  openIn,
  openMax,
  openOf,
  rememberOpen,
} from './openOrders.ts'
import type { Order } from './orders.ts'
import { readQuorum, readsOfQuorum } from './quorum.ts'
import { isReturned, readsOfReturned, returnedProbes } from './returned.ts'
import { tallyRead } from './tally.ts'

type View = Omit<Observation, 'state'>

export type Foresight = {
  questions: readonly Question[]
  guardians: readonly Guardian[]
  everyBlocks: number
  lossPercent: number
  show(address: Address): string
}

type Told = { told: readonly GovernanceLog[]; orders: readonly Order[] }
type Due = { open: OpenOrder; calls: SimulatedCall[] }

const stateRead = ({ at, id }: OpenOrder): Read => ({
  ...{ kind: 'call', at: 'block', to: at },
  data: `${toFunctionSelector('state(uint256)')}${toHex(BigInt(id), { size: 32 }).slice(2)}`,
})
/** Of a proposal, by OpenZeppelin and by Bravo: canceled, defeated, expired, executed. */
const deadStates = new Set([2n, 3n, 6n, 7n])

/** Those of this block, and those that were remembered and whose turn it is. */
function dueIn(foresight: Foresight, { block }: View, memory: Memory, { told, orders }: Told) {
  const closed = closedBy(told)
  const isOpen = ({ open }: { open: OpenOrder }) => !closed.has(groupOf(open)) && isYoung(open, block)
  const made = orders.flatMap((order): [string, Due][] => {
    const calls = callsOf(order)
    return calls ? [[groupOf(order), { open: openOf(order, block), calls }]] : []
  })
  const fresh = [...new Map(made).values()].filter(isOpen)
  const isFresh = (order: OpenOrder) => fresh.some(({ open }) => groupOf(open) === groupOf(order))
  const known = openIn(memory).filter((open) => isOpen({ open }) && !isFresh(open))
  const isTurn = block.number % foresight.everyBlocks === 0
  const turns = known.filter((open) => isTurn || isNear(open, block))
  const due = [...turns.map((open) => ({ open, calls: callsIn(memory, open) })), ...fresh]
  return { open: [...known, ...fresh.map(({ open }) => open)], fresh, due }
}

/** Code may act differently once the time has come: what is scheduled is tried then. */
function timeOf({ readyAt }: OpenOrder, { timestamp }: View['block']): number | undefined {
  const ready = Number(readyAt ?? 0)
  // Some four hundred years: nobody executes after that, and clients refuse greater times.
  return readyAt !== null && ready < timestamp + 12_622_780_800 ? Math.max(timestamp + 12, ready + 1) : undefined
}

function simulationsOf({ questions, guardians }: Foresight, { open, calls }: Due, { block }: View, memory: Memory) {
  const instructions = unfoldCalls(
    calls.map(({ from, to, data, value = 0n }) => ({ by: from, to, data, value, way: 'call' as const, inside: [] })),
  ).calls
  const heirs = [...new Set([...heirsOf(instructions), ...heirsBefore(memory, block.timestamp)])]
  const back = returnedProbes(instructions)
  const time = timeOf(open, block)
  // Who executes it may bring the coins in the same transaction.
  const rest = { ...(time !== undefined && { time }), rich: true as const }
  return {
    ...{ instructions, heirs },
    world: thenRead(
      calls,
      questions.map(({ probe }) => probe),
      rest,
    ),
    returns: back.length > 0 ? thenRead(calls, back, rest) : null,
    stops: guardians.map((guardian) => ({ guardian, read: thenRead(calls, guardianProbes(guardian, heirs), rest) })),
  }
}

export function readsOfForesight(foresight: Foresight, told: Told, view: View, memory: Memory): Read[] {
  if (foresight.everyBlocks === 0) return []
  return dueIn(foresight, view, memory, told).due.flatMap((each) => {
    const { world, stops, returns, instructions } = simulationsOf(foresight, each, view, memory)
    const { open } = each
    return [
      ...foresight.questions.map(({ probe }) => nowRead(probe)),
      world,
      ...(returns ? [returns, ...readsOfReturned(instructions, foresight.questions)] : []),
      ...stops.flatMap(({ guardian, read }) => [guardianNow(guardian), read]),
      ...(open.kind === 'proposal'
        ? [stateRead(open), tallyRead(open.at, open.id), ...readsOfQuorum(open.at, view)]
        : []),
    ]
  })
}

type Foreseen = { claims: Claim[]; blind: string[]; memory: Record<string, Json> }

/** Remembers that people were told that nothing could be simulated: once is enough, until it works again. */
const unsimulatedKey = 'unsimulated'

/** What every open order would do to ours, as far as a simulation tells and people were not told of it yet. */
export function foresee(foresight: Foresight, told: Told, observation: Observation, memory: Memory): Foreseen {
  if (foresight.everyBlocks === 0) return { claims: [], blind: [], memory: {} }
  const { open: known, fresh, due } = dueIn(foresight, observation, memory, told)
  const claims: Claim[] = []
  const blind = new Set<string>()
  const judged = new Map(known.map((open) => [groupOf(open), open]))
  for (const each of due) {
    const { open } = each
    if (isDead(open, observation)) {
      judged.delete(groupOf(open))
      continue
    }
    const { effects, blind: unseen } = effectsOfOrder(foresight, each, observation, memory)
    for (const reason of unseen) blind.add(reason)
    const news = effects.filter(({ name }) => !open.told.includes(name))
    const telling = { observation, show: foresight.show, ...votesOf(open, observation) }
    claims.push(...news.map((effect) => claimEffect(effect, open, telling)))
    const told = [...open.told, ...news.map(({ name }) => name)].slice(-toldMax)
    judged.set(groupOf(open), { ...open, told })
  }
  const remember = rememberOpen(memory, [...judged.values()], fresh)
  const gaining = foresight.guardians.length > 0 ? told.orders.flatMap(({ calls }) => heirsOf(calls)) : []
  const heirs = heirsAfter(memory, [...new Set(gaining)], observation.block.timestamp)
  if (heirs !== null) remember[heirsKey] = heirs
  const wasBlind = memory.get(unsimulatedKey) === true
  if (due.length > 0 && wasBlind !== blind.size > 0) remember[unsimulatedKey] = blind.size > 0 ? true : null
  const crowded =
    judged.size > openMax
      ? [`More than ${openMax} proposals and operations are open: the oldest are simulated no more`]
      : []
  return { claims, blind: [...tooLong(told.orders), ...crowded, ...(wasBlind ? [] : blind)], memory: remember }
}

const toldMax = 32

const tooLong = (orders: readonly Order[]) =>
  orders
    .filter((order) => callsOf(order) === null)
    .map(({ kind, id }) => `What ${kind} ${shortId(id)} would do is not simulated: its calls are too many or too long`)

function isDead(open: OpenOrder, observation: Observation): boolean {
  if (open.kind !== 'proposal') return false
  const answer = observation.state(stateRead(open))
  return answer.ok && answer.data.length === 66 && deadStates.has(BigInt(answer.data))
}

/** Those that people must hear of: what its calls do not say, and guardians that could no longer guard. */
function effectsOfOrder(foresight: Foresight, due: Due, observation: Observation, memory: Memory) {
  const { questions, show, lossPercent } = foresight
  const { world, stops, returns, instructions, heirs } = simulationsOf(foresight, due, observation, memory)
  const what = `${due.open.kind} ${shortId(due.open.id)}`
  const blind: string[] = []
  const answered = (read: Read) => {
    const simulated = simulatedIn(observation, read)
    if (simulated && 'blind' in simulated)
      blind.push(`What ${what} would do could not be simulated: ${simulated.blind}`)
    return simulated && 'after' in simulated ? simulated.after : null
  }
  const after = answered(world)
  const before = questions.map(({ probe }) => observation.state(nowRead(probe)))
  const changes = after ? effectsOf(questions, before, after, show) : []
  const lost = stops.flatMap(({ guardian, read }): Effect[] => {
    const tried = answered(read)
    const effect = tried && guardianLost(guardian, observation, tried, { heirs, show })
    return effect ? [effect] : []
  })
  const hidden = changes.filter((effect) => isHidden(effect, instructions, { questions, lossPercent }))
  // Nobody need say why it was not tried: what leaves then counts as gone.
  const back = returns && hidden.some(({ paid }) => paid) ? simulatedIn(observation, returns) : null
  const returned = back && 'after' in back ? back.after : []
  const weighed = hidden.map((effect) =>
    isReturned(effect, instructions, { after: returned, observation }) ? { ...effect, returned: true } : effect,
  )
  return { effects: [...lost, ...weighed], blind }
}

function votesOf({ kind, at, id }: OpenOrder, observation: Observation) {
  if (kind !== 'proposal') return {}
  const answer = observation.state(tallyRead(at, id))
  const quorum = readQuorum(at, observation)
  if (quorum === null || !answer.ok || answer.data.length !== 2 + 3 * 64) return {}
  return { quorum, votes: BigInt(`0x${answer.data.slice(66, 130)}`) + BigInt(`0x${answer.data.slice(130)}`) }
}
