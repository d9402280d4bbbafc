import { z } from 'zod'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import {
  none,
  type Question,
  questionsOf,
  readValue,
  type StateName,
  type StateValues,
  stateNames,
} from '../stateValues.ts'
import { turnoverShape } from './signedOwners.ts'

/** What is remembered of one contract. Plain data. */
const baselineShape = z.object({
  values: z.partialRecord(z.enum(stateNames), z.string()),
  /** Whose code is too long to be read in every block. */
  large: z.array(z.enum(stateNames)),
  /** How many changes and broken expectations no transaction could be named for. */
  episodes: z.number(),
  /** Expectations that are known to be broken, with the value that was expected. */
  broken: z.array(z.string()),
  /** Whom a timelock offered the contract to, as it had announced. */
  offered: hexShape.exactOptional(),
  /** Of a Safe whose owners changed. */
  turnover: turnoverShape.exactOptional(),
})
export type Baseline = z.output<typeof baselineShape>
export const rememberedBaseline = remembered(baselineShape)

export type Change = { name: StateName; from: string; to: string }

/** How often a function that the contract does not have is asked for again. */
const probeEveryBlocks = 64

type Looking = { target: Contract; baseline: Baseline | undefined; codeEveryBlocks: number }
type View = Pick<Observation, 'block' | 'logs' | 'outcomes'>

function dueQuestions({ target, baseline, codeEveryBlocks }: Looking, { block, logs, outcomes }: View) {
  const questions = questionsOf(target, baseline?.values ?? {})
  if (!baseline) return questions
  const { address } = target
  const isTouched = () =>
    logs.some((log) => log.address === address) || outcomes.some(({ transaction }) => transaction.to === address)
  for (const [name, question] of questions) {
    const isAbsent = question.kind === 'call' && baseline.values[name] === none && block.number % probeEveryBlocks !== 0
    const isLarge = baseline.large.includes(name) && block.number % codeEveryBlocks !== 0 && !isTouched()
    if (isAbsent || isLarge) questions.delete(name)
  }
  return questions
}

/** Before anything is known, the state before the block is read as well, so that a change in the first block shows. */
export function readsOfState(looking: Looking, view: View): Read[] {
  const moments: Read['at'][] = looking.baseline ? ['block'] : ['block', 'parent']
  return [...dueQuestions(looking, view).values()].flatMap((question) => moments.map((at) => ({ at, ...question })))
}

/** What differs from what was known, and what is known now. `blind`: why a value could not be read. */
export function changesOfState(
  looking: Looking,
  observation: Observation,
): { changes: Change[]; baseline: Baseline; blind: string | null } {
  const { baseline } = looking
  const values: StateValues = { ...baseline?.values }
  const large = new Set(baseline?.large)
  const changes: Change[] = []
  let blind: string | null = null
  for (const [name, question] of dueQuestions(looking, observation)) {
    const now = readValue(observation, name, question, 'block')
    if (now.value === undefined) {
      blind ??= `${name} of ${looking.target.name} could not be read: ${now.reason}`
      continue
    }
    const before = baseline ? baseline.values[name] : valueBefore(observation, name, question)
    values[name] = now.value
    if (now.large) large.add(name)
    else large.delete(name)
    if (before !== undefined && before !== none && before !== now.value)
      changes.push({ name, from: before, to: now.value })
  }
  for (const stale of staleAfter(changes)) {
    delete values[stale]
    large.delete(stale)
  }
  const { episodes = 0, broken = [] } = baseline ?? {}
  return { changes: withoutEchoes(changes), baseline: { values, large: [...large], episodes, broken }, blind }
}

function valueBefore(observation: Observation, name: StateName, question: Question): string | undefined {
  return readValue(observation, name, question, 'parent').value
}

const holdsCode = /^(beacon|singleton|.*[iI]mplementation)$/

/** What was asked of an address that is not the right one any more is learned anew. */
function staleAfter(changes: readonly Change[]): StateName[] {
  return changes.flatMap(({ name }): StateName[] => {
    if (name === 'beacon') return ['beaconImplementation', 'implementationCode']
    return holdsCode.test(name) ? ['implementationCode'] : []
  })
}

/** Leaves out what only follows from another change. */
function withoutEchoes(changes: readonly Change[]): Change[] {
  const isGone = changes.some(({ name, to }) => name === 'code' && to === 'empty')
  return changes.filter(({ name, to }) => {
    if (isGone && to === none) return false
    // An offer ends silently when it is taken or withdrawn.
    return name !== 'pendingOwner' || (to !== none && BigInt(to) !== 0n)
  })
}
