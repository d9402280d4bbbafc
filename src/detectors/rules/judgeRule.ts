import type { BlockObservation } from '../../model/observation.ts'
import { type Read, type ReadResult, readKey } from '../../model/read.ts'
import type { Rule } from '../../rules/compileRule.ts'
import { type Frame, type State, Undecidable } from '../../rules/frame.ts'
import { listOccurrences, type Occurrence } from '../../rules/listOccurrences.ts'
import { headline } from './headline.ts'

export type Match = Occurrence & { frame: Frame }

/** Reads of one rule in one block: who makes a contract log ten thousand times does not make us ask as often. */
const readsMax = 256
const tooMany: ReadResult = {
  ok: false,
  reverted: false,
  reason: `the rule needs more than ${readsMax} reads in one block`,
}

/**
 * Every time in a block that the rule is true, and why it could not be judged where it could not.
 * @param concerns What of its occurrences counts at all.
 */
export function judgeRule(
  rule: Rule,
  observation: BlockObservation,
  concerns: (occurrence: Occurrence) => boolean = () => true,
): { matches: Match[]; blind: string[]; state: State } {
  const matches: Match[] = []
  const blind: string[] = []
  const asked = new Set(readsOfRule(rule, observation).map(readKey))
  const state: State = (read) => (asked.has(readKey(read)) ? observation.state(read) : tooMany)
  for (const occurrence of listOccurrences(rule, observation)) {
    if (!concerns(occurrence)) continue
    const { frame } = occurrence
    if ('undecodable' in frame) {
      blind.push(`${headline(rule)}: ${frame.undecodable}`)
      continue
    }
    const answer = rule.condition?.evaluate(frame, state) ?? true
    if (answer instanceof Undecidable) blind.push(`${headline(rule)}: ${answer.reason}`)
    else if (answer) matches.push({ ...occurrence, frame })
  }
  return { matches, blind, state }
}

/** State without which the rule cannot be judged in this block. */
export function readsOfRule(rule: Rule, observation: Omit<BlockObservation, 'state'>): Read[] {
  const reads = new Map<string, Read>()
  if (!rule.condition?.readsState) return []
  for (const { frame } of listOccurrences(rule, observation)) {
    if ('undecodable' in frame) continue
    for (const read of rule.condition.reads(frame)) if (reads.size < readsMax) reads.set(readKey(read), read)
  }
  return [...reads.values()]
}
