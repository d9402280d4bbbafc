import type { Monitor } from '../model/monitor.ts'
import type { Blindness } from '../store/blindness.ts'
import type { Judgement } from './judgeBlock.ts'
import { selfAlertKey, selfFinding } from './selfFinding.ts'
import type { Sighted } from './toFinding.ts'

type Episode = { since: Date; reason: string; told: boolean }
type SelfSighted = Omit<Sighted, 'sighting'> & { sighting: null }

/** What changes about blindness when a block is committed, or a chain cannot be read. */
export type BlindChange = { seeingAgain: string[]; sighted: SelfSighted[]; cleared: string[] }

/** Keeps count of which monitors of a chain are blind since when, and says when people must hear of it. */
export type BlindWatch = {
  /** Changes nothing: what it returns counts once `settle` is called with the same judgement. */
  consider(judgement: Judgement, now: Date): BlindChange
  settle(judgement: Judgement, now: Date): void
  count(): number
}

/** @param afterMs How long a monitor may be blind before people are told. */
export function createBlindWatch(
  chain: { id: number; name: string },
  { afterMs, known, monitors }: { afterMs: number; known: readonly Blindness[]; monitors: readonly Monitor[] },
): BlindWatch {
  const episodes = new Map<string, Episode>()
  for (const { monitor, since, reason } of known) {
    episodes.set(monitor, { since, reason, told: Date.now() - since.getTime() >= afterMs })
  }
  const periodic = periodicMonitors(monitors)
  const overdue = (episode: Episode, now: Date) => !episode.told && now.getTime() - episode.since.getTime() >= afterMs
  const trouble = (monitor: string) => `monitor ${monitor} is blind`

  function seesAgain(judgement: Judgement, name: string): boolean {
    const named = (monitor: Monitor) => monitor.name === name
    if ([...judgement.blind.keys()].some(named)) return false
    return judgement.judged.some(named) || !periodic.has(name)
  }

  return {
    consider(judgement, now) {
      const seeingAgain = [...episodes.keys()].filter((name) => seesAgain(judgement, name))
      const cleared = seeingAgain
        .filter((name) => episodes.get(name)?.told)
        .map((name) => selfAlertKey(chain.id, trouble(name)))
      const sighted = [...judgement.blind].flatMap(([{ name }, reason]) => {
        const episode = episodes.get(name)
        if (!episode || !overdue(episode, now)) return []
        return [{ finding: blindFinding(chain, name, reason, episode.since), sighting: null }]
      })
      return { seeingAgain, sighted, cleared }
    },
    settle(judgement, now) {
      for (const name of episodes.keys()) if (seesAgain(judgement, name)) episodes.delete(name)
      for (const [{ name }, reason] of judgement.blind) {
        const episode = episodes.get(name) ?? { since: now, reason, told: false }
        episodes.set(name, { ...episode, reason, told: episode.told || overdue(episode, now) })
      }
    },
    count: () => episodes.size,
  }
}

function blindFinding(chain: { id: number; name: string }, monitor: string, reason: string, since: Date) {
  return selfFinding({
    chainId: chain.id,
    trouble: `monitor ${monitor} is blind`,
    episode: since.toISOString(),
    title: `Monitor ${monitor} on ${chain.name} has been blind since ${since.toISOString()}: ${reason}`,
    severity: 'high',
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
