import { plainText } from '../lib/plainText.ts'
import type { BridgeLeg, BridgeTotal } from '../model/bridge.ts'
import type { Block } from '../model/chain.ts'
import type { Detection } from '../model/detector.ts'
import type { Claim, Measured } from '../model/finding.ts'
import type { Monitor } from '../model/monitor.ts'
import type { BlockObservation } from '../model/observation.ts'
import { type Read, type ReadResult, readKey } from '../model/read.ts'
import { compareSeverity } from '../model/severity.ts'
import type { Sign } from '../model/sign.ts'
import { UnreadableMemory } from '../model/unreadableMemory.ts'
import type { MemoryChange } from '../store/memory.ts'
import type { DispatchIndex, Hits } from './dispatchIndex.ts'
import type { MonitorMemory } from './monitorMemory.ts'
import { alertKeyOf, type Sighted, toFinding } from './toFinding.ts'

/** All that the monitors of a chain say about one block: data, ready to be committed. */
export type Judgement = {
  /** The monitors that something in the block interested. */
  judged: Monitor[]
  sighted: Sighted[]
  /** Keys of alerts that their detector says are over. */
  cleared: string[]
  /** What has become larger of what an alert is about. */
  grown: Growth[]
  memory: MemoryChange[]
  /** Halves of messages over bridges, by the monitor that saw them. */
  legs: Map<Monitor, readonly BridgeLeg[]>
  /** What lies on a side of a bridge, so too. */
  totals: Map<Monitor, readonly BridgeTotal[]>
  /** Why a monitor could not judge the block, by monitor. Who is not in here has judged it. */
  blind: Map<Monitor, string>
}

export type Growth = { alertKey: string; measured: Measured }

export type StateReader = (block: Block, reads: readonly Read[]) => Promise<Map<string, ReadResult>>

/** Claims of one monitor about one block; more are a flood, which is said instead of stored. */
const claimsMax = 1000
/** Different questions of one monitor about the state of one block. */
const readsMax = 5000
const reasonMax = 500

/** Signs that one block hands on. The gravest go first: who makes a monitor speak a thousand times hides nothing by it. */
const signsMax = 200

/**
 * Shows the block to every monitor that it interests, and then what they found in it to those that want signs: first to
 * those that give signs themselves, then to those that only join them.
 * @throws {RpcError} The state that monitors need could not be read at all.
 */
export async function judgeBlock(
  { index, memory, readState }: { index: DispatchIndex; memory: MonitorMemory; readState: StateReader },
  block: Block,
): Promise<Judgement> {
  const hits = index.match(block)
  const judgement: Judgement = {
    judged: [...hits.keys()],
    sighted: [],
    cleared: [],
    grown: [],
    memory: [],
    legs: new Map(),
    totals: new Map(),
    blind: new Map(),
  }
  const reads = new Map<Monitor, Read[]>()
  for (const [monitor, own] of hits) {
    attempt(judgement, monitor, memory, () => reads.set(monitor, readsOf(monitor, own, block, memory)))
  }
  const all = [...reads.values()].flat()
  const signs: Sign[] = []
  const answers = all.length === 0 ? new Map<string, ReadResult>() : await readState(block, all)
  const judge = (monitor: Monitor, observation: BlockObservation) =>
    attempt(judgement, monitor, memory, () => {
      const detection = monitor.watch.detect(observation, memory.of(monitor.name))
      const claims = take(judgement, monitor, withUntraced(detection, hits.get(monitor)), block, memory)
      signs.push(...signsOf(monitor, claims, block))
    })
  const late = new Set([...hits.keys()].filter(wantsSigns))
  for (const [monitor, own] of hits) {
    if (reads.has(monitor) && !late.has(monitor)) judge(monitor, observe(block, own, answers))
  }
  const signed = judgement.sighted.splice(0)
  for (const givesSigns of signs.length > 0 || late.size > 0 ? [true, false] : []) {
    const told = index.matchSigns(gravest(signs))
    for (const monitor of new Set([...told.keys(), ...late])) {
      if ((monitor.sign !== undefined) !== givesSigns || (hits.has(monitor) && !reads.has(monitor))) continue
      if (!hits.has(monitor)) judgement.judged.push(monitor)
      judge(monitor, { ...observe(block, hits.get(monitor) ?? noHits, answers), signs: told.get(monitor) ?? [] })
    }
  }
  // What joins others comes before them: of two that are as grave, the first may inhibit the second.
  judgement.sighted.push(...signed)
  return judgement
}

const wantsSigns = ({ watch }: Monitor): boolean => watch.interests.some(({ kind }) => kind === 'sign')

const gravest = (signs: readonly Sign[]): Sign[] =>
  signs.toSorted((a, b) => compareSeverity(b.finding.severity, a.finding.severity)).slice(0, signsMax)

const noHits: Hits = { logs: [], outcomes: [], reads: [], ticked: false }

function readsOf(monitor: Monitor, hits: Hits, block: Block, memory: MonitorMemory): Read[] {
  const { logs, outcomes, ticked } = hits
  const needed = monitor.watch.reads?.({ kind: 'block', block, logs, outcomes, ticked }, memory.of(monitor.name)) ?? []
  const reads = [...hits.reads, ...needed]
  const { size } = new Set(reads.map(readKey))
  if (size > readsMax) throw new Error(`it asks ${size} questions about the state, which is more than ${readsMax}`)
  return reads
}

function observe(block: Block, { logs, outcomes, ticked }: Hits, answers: Map<string, ReadResult>): BlockObservation {
  const state = (read: Read) => answers.get(readKey(read)) ?? notAsked
  return { kind: 'block', block, logs, outcomes, ticked, state }
}

const notAsked: ReadResult = { ok: false, reverted: false, reason: 'it was not asked for in this block' }

/** No detector has to know that calls which it asked for could not be read. */
function withUntraced(detection: Detection, { untraced }: Hits = noHits): Detection {
  if (untraced === undefined) return detection
  return {
    ...detection,
    blind: [`The calls inside a transaction could not be read: ${untraced}`, ...(detection.blind ?? [])],
  }
}

/**
 * A detector that throws is blind, and the others go on. What it cannot read of its own memory is forgotten, as it would
 * be blind for ever otherwise.
 */
function attempt(judgement: Judgement, monitor: Monitor, memory: MonitorMemory, work: () => void): void {
  try {
    work()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    judgement.blind.set(monitor, plainText(`The detector failed: ${words}`, reasonMax))
    if (error instanceof UnreadableMemory) judgement.memory.push(...memory.changes(monitor.name, { [error.key]: null }))
  }
}

/** @returns Its claims, each with its finding. */
function take(
  judgement: Judgement,
  monitor: Monitor,
  detection: Detection,
  block: Block,
  memory: MonitorMemory,
): Claimed[] {
  const { claims = [], cleared = [], grown = [], blind = [], memory: next = {}, legs = [], totals = [] } = detection
  const changes = memory.changes(monitor.name, next)
  const claimed = claims.slice(0, claimsMax).map((claim) => ({ claim, sighted: toFinding(monitor, claim, block) }))
  judgement.sighted.push(...new Map(claimed.map(({ sighted }) => [sighted.finding.id, sighted])).values())
  judgement.cleared.push(...cleared.map((group) => alertKeyOf(monitor, group)))
  judgement.grown.push(...grown.map(({ group, measured }) => ({ alertKey: alertKeyOf(monitor, group), measured })))
  for (const change of changes) judgement.memory.push(change)
  if (legs.length > 0) judgement.legs.set(monitor, legs)
  if (totals.length > 0) judgement.totals.set(monitor, totals)
  const reasons =
    claims.length > claimsMax ? [`${claims.length - claimsMax} more claims in one block`, ...blind] : blind
  if (reasons.length > 0) judgement.blind.set(monitor, plainText(reasons.join('; '), reasonMax))
  return claimed
}

type Claimed = { claim: Claim; sighted: Sighted }

/** What runs in the shadow tells nobody anything, also not through others. */
function signsOf({ sign, mode }: Monitor, claimed: readonly Claimed[], { transactions }: Block): Sign[] {
  if (!sign || mode !== 'active') return []
  return claimed.map(({ claim: { actors }, sighted: { finding } }) => {
    const sender = transactions.find(({ hash }) => hash === finding.transactionHash)?.from
    return { ...sign, finding, actors: (actors ?? (sender ? [sender] : [])).slice(0, actorsMax) }
  })
}

const actorsMax = 8
