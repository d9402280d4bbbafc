import type { Address } from '../../model/chain.ts'
import type { Interest } from '../../model/detector.ts'
import type { BlockObservation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Rule } from '../../rules/compileRule.ts'
import { readingsOf, type VersionedRule } from '../../rules/compileVersions.ts'
import { type State, Undecidable } from '../../rules/frame.ts'
import { interestOf, listOccurrences, type Occurrence } from '../../rules/listOccurrences.ts'
import { judgeRule, type Match, readsOfRule } from './judgeRule.ts'
import { implementationReads, successionIn, upgradedTopic, upgradesOf } from './successionIn.ts'

/**
 * How often it is asked whether what stands behind a proxy is known, though nothing happened that the rule could be
 * about: an implementation without an ABI may speak in events that nobody listens for.
 */
const lookEveryBlocks = 300

/** What the rule found under one of its readings. */
export type Judged = { rule: Rule; matches: Match[]; state: State }

/** What of a chain the readings of a rule look at. */
export function interestsOf(versioned: VersionedRule): Interest[] {
  const own = readingsOf(versioned).map(interestOf)
  if (versioned.versions.size === 0) return own
  const addresses = [versioned.target.address]
  return [
    ...own,
    { kind: 'log', addresses, topics: [upgradedTopic] },
    ...(versioned.otherwise === undefined ? [{ kind: 'tick' as const, everyBlocks: lookEveryBlocks }] : []),
  ]
}

type View = Omit<BlockObservation, 'state'>

/** State without which the rule cannot be judged in this block; nothing where nothing happened that it is about. */
export function readsOfVersions(versioned: VersionedRule, view: View): Read[] {
  const reads = readingsOf(versioned).flatMap((rule) => readsOfRule(rule, view))
  return mustKnow(versioned, view) ? [...implementationReads(versioned.target), ...reads] : reads
}

/** Judges a block by the reading that held at each moment of it. */
export function judgeVersions(
  versioned: VersionedRule,
  observation: BlockObservation,
): { judged: Judged[]; blind: string[] } {
  const readings = readingsOf(versioned)
  if (!mustKnow(versioned, observation)) {
    const judged = readings.map((rule) => ({
      rule,
      ...judgeRule(rule, observation, () => versioned.versions.size === 0),
    }))
    return { judged, blind: judged.flatMap(({ blind }) => blind) }
  }
  const { at, after } = successionIn(versioned.target, observation)
  const holding = (occurrence: Occurrence) => readingUnder(versioned, at(occurrence))
  const judged = readings.map((rule) => ({
    rule,
    ...judgeRule(rule, observation, (occurrence) => holding(occurrence) === rule),
  }))
  const seen = readings.flatMap((rule) => listOccurrences(rule, observation).map(holding))
  const unknown = [...seen, readingUnder(versioned, after)].flatMap((reading) =>
    reading instanceof Undecidable ? [reading.reason] : [],
  )
  return { judged, blind: [...judged.flatMap(({ blind }) => blind), ...unknown] }
}

/** Whether the implementations of the block matter: something happened, or it is time to look. */
function mustKnow(versioned: VersionedRule, view: View): boolean {
  const { versions, target, otherwise } = versioned
  if (versions.size === 0) return false
  if (view.ticked && otherwise === undefined && view.block.number % lookEveryBlocks === 0) return true
  if (upgradesOf(target, view.logs).length > 0) return true
  return readingsOf(versioned).some((rule) => listOccurrences(rule, view).length > 0)
}

/** Null: it has no such event or function, so that nothing is an occurrence of it. */
function readingUnder(
  { versions, otherwise, target }: VersionedRule,
  implementation: Address | Undecidable,
): Rule | null | Undecidable {
  if (implementation instanceof Undecidable) return implementation
  const reading = versions.has(implementation) ? versions.get(implementation) : otherwise
  if (reading !== undefined) return reading
  if (BigInt(implementation) === 0n) return new Undecidable(`no implementation stands behind ${target.name}`)
  return new Undecidable(`behind ${target.name} stands ${implementation}, and \`implementations:\` gives no ABI for it`)
}
