import type { Monitor } from '../model/monitor.ts'
import { compareSeverity, type Severity } from '../model/severity.ts'
import type { Blindness } from '../store/blindness.ts'
import type { Judgement } from './judgeBlock.ts'
import { selfAlertKey, selfFinding } from './selfFinding.ts'
import type { Sighted } from './toFinding.ts'

type Episode = { since: Date; sinceBlock: number; reason: string; blocks: number; told: boolean }
type Place = { now: Date; block: number }
type SelfSighted = Omit<Sighted, 'sighting'> & { sighting: null }

/** What changes about blindness when a block is committed, or a chain cannot be read. */
export type BlindChange = { seeingAgain: string[]; sighted: SelfSighted[]; cleared: string[] }

/** Keeps count of which monitors of a chain are blind since when, and says when people must hear of it. */
export type BlindWatch = {
  /** Changes nothing: what it returns counts once `settle` is called with the same judgement. */
  consider(judgement: Judgement, place: Place): BlindChange
  settle(judgement: Judgement, place: Place): void
  count(): number
}

/** @param afterMs How long a monitor may be blind before people are told while it lasts. */
export function createBlindWatch(
  chain: { id: number; name: string },
  { afterMs, known, monitors }: { afterMs: number; known: readonly Blindness[]; monitors: readonly Monitor[] },
): BlindWatch {
  // Whether people were told of an episode before a restart does not matter: telling again is telling the same finding.
  const episodes = new Map<string, Episode>(
    known.map(({ monitor, sinceBlock, ...rest }) => [monitor, { ...rest, sinceBlock: sinceBlock ?? 0, told: false }]),
  )
  const periodic = periodicMonitors(monitors)
  /** Who can blind a grave monitor for a block at will must not get away with a mild word. */
  const severityOf = (name: string): Severity => {
    const monitor = monitors.find((known) => known.name === name)
    return monitor && compareSeverity(monitor.severity, 'high') >= 0 ? 'high' : 'medium'
  }
  const lasts = (episode: Episode, now: Date) => now.getTime() - episode.since.getTime() >= afterMs

  function seesAgain(judgement: Judgement, name: string): boolean {
    const named = (monitor: Monitor) => monitor.name === name
    if ([...judgement.blind.keys()].some(named)) return false
    return judgement.judged.some(named) || !periodic.has(name)
  }

  return {
    consider(judgement, { now }) {
      const seeingAgain = [...episodes.keys()].filter((name) => seesAgain(judgement, name))
      const lasting = [...judgement.blind].flatMap(([{ name }, reason]) => {
        const episode = episodes.get(name)
        if (!episode || episode.told || !lasts(episode, now)) return []
        return [{ finding: blindFinding(chain, name, { ...episode, reason }), sighting: null }]
      })
      const ended = seeingAgain.flatMap((name) => {
        const episode = episodes.get(name)!
        return episode.told ? [] : [{ finding: missedFinding(chain, name, episode, severityOf(name)), sighting: null }]
      })
      const cleared = seeingAgain.map((name) => selfAlertKey(chain.id, blindTrouble(name)))
      return { seeingAgain, sighted: [...lasting, ...ended], cleared }
    },
    settle(judgement, { now, block }) {
      for (const name of [...episodes.keys()]) if (seesAgain(judgement, name)) episodes.delete(name)
      for (const [{ name }, reason] of judgement.blind) {
        const episode = episodes.get(name) ?? { since: now, sinceBlock: block, reason, blocks: 0, told: false }
        const told = episode.told || (episode.blocks > 0 && lasts(episode, now))
        episodes.set(name, { ...episode, reason, blocks: episode.blocks + 1, told })
      }
    },
    count: () => episodes.size,
  }
}

const blindTrouble = (monitor: string) => `monitor ${monitor} is blind`

function blindFinding(chain: { id: number; name: string }, monitor: string, { since, reason }: Episode) {
  return selfFinding({
    chainId: chain.id,
    trouble: blindTrouble(monitor),
    episode: since.toISOString(),
    title: `Monitor ${monitor} on ${chain.name} has been blind since ${since.toISOString()}: ${reason}`,
    severity: 'high',
    facts: { monitor, reason },
  })
}

/** Blindness that was over soon. What happened meanwhile was not judged, and is not judged later either. */
function missedFinding(chain: { id: number; name: string }, monitor: string, episode: Episode, severity: Severity) {
  const { sinceBlock, blocks, reason } = episode
  const what = blocks === 1 ? `block ${sinceBlock}` : `${blocks} blocks from block ${sinceBlock} on`
  return selfFinding({
    chainId: chain.id,
    trouble: `monitor ${monitor} missed something`,
    episode: `block ${sinceBlock}`,
    title: `Monitor ${monitor} on ${chain.name} could not judge ${what}: ${reason}`,
    severity,
    facts: { monitor, reason },
  })
}

/** Names of the monitors that are shown something only every so many blocks: their silence in a block proves nothing. */
function periodicMonitors(monitors: readonly Monitor[]): Set<string> {
  const periodic = monitors.filter(({ watch }) =>
    watch.interests.some(({ kind }) => kind === 'state' || kind === 'tick'),
  )
  return new Set(periodic.map(({ name }) => name))
}
