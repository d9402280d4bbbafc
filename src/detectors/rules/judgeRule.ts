import type { BlockObservation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Rule } from '../../rules/compileRule.ts'
import { type Frame, Undecidable } from '../../rules/frame.ts'
import { listOccurrences, type Occurrence } from '../../rules/listOccurrences.ts'
import { headline } from './headline.ts'

export type Match = Occurrence & { frame: Frame }

/** Every time in a block that the rule is true, and why it could not be judged where it could not. */
export function judgeRule(rule: Rule, observation: BlockObservation): { matches: Match[]; blind: string[] } {
  const matches: Match[] = []
  const blind: string[] = []
  for (const occurrence of listOccurrences(rule, observation)) {
    const { frame } = occurrence
    if ('undecodable' in frame) {
      blind.push(`${headline(rule)}: ${frame.undecodable}`)
      continue
    }
    const answer = rule.condition?.evaluate(frame, observation.state) ?? true
    if (answer instanceof Undecidable) blind.push(`${headline(rule)}: ${answer.reason}`)
    else if (answer) matches.push({ ...occurrence, frame })
  }
  return { matches, blind }
}

/** State without which the rule cannot be judged in this block. */
export function readsOfRule(rule: Rule, observation: Omit<BlockObservation, 'state'>): Read[] {
  const { condition } = rule
  if (!condition?.readsState) return []
  return listOccurrences(rule, observation).flatMap(({ frame }) =>
    'undecodable' in frame ? [] : condition.reads(frame),
  )
}
