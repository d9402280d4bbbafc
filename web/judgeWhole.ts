import type { Status } from './types.ts'
import { count, durationWords, listWords, numberWords, severities, severityWords } from './words.ts'

export type Line = {
  tone: 'firing' | 'blind' | 'undelivered' | 'behind' | 'held' | 'calm'
  title: string
  detail: string
}

/**
 * The answer to "is all well, and can we see?", the gravest first. `calm` stands alone, and only where nothing is
 * open, everything is seen, and every message reached its people or is on its way.
 */
export function judgeWhole(status: Status): Line[] {
  const lines = [firing(status), blindChains(status), blindMonitors(status), undelivered(status), behind(status)]
  const grave = lines.filter((line) => line !== null)
  return grave.length > 0 ? grave : [held(status) ?? calm(status)]
}

function firing({ counts, open }: Status): Line | null {
  const total = Object.values(counts.firing).reduce((sum, number) => sum + number, 0)
  if (total === 0) return null
  const bySeverity = severities
    .filter((severity) => counts.firing[severity])
    .map((severity) => `${numberWords(counts.firing[severity] ?? 0)} ${severityWords[severity].toLowerCase()}`)
  const gravest = open[0]
  return {
    tone: 'firing',
    title: total === 1 ? 'One alert is firing.' : `${numberWords(total)} alerts are firing.`,
    detail:
      total === 1 && gravest
        ? `${severityWords[gravest.severity]}: ${gravest.title}`
        : `${bySeverity.join(', ')}. The gravest: ${gravest?.title ?? ''}`,
  }
}

function blindChains({ chains, monitors, now }: Status): Line | null {
  if (chains.length === 0 || monitors.every(({ mode }) => mode === 'off'))
    return {
      tone: 'blind',
      title: 'Nothing is watched.',
      detail: 'The config names no chain, or no monitor that is on.',
    }
  const blind = chains.filter(({ sight }) => sight.state === 'blind')
  const [first] = blind
  if (!first) return null
  const { since, reason } = first.sight
  const lasted = since === null ? '' : `For ${durationWords((Date.parse(now) - Date.parse(since)) / 1000)}. `
  return {
    tone: 'blind',
    title: `We are blind on ${listWords(blind.map(({ name }) => name))}.`,
    detail: `${lasted}${reason ?? ''} What happens there now, nobody sees.`,
  }
}

/** The same from an answer that is out of date: what was grave then is told, and of nothing it says that it is well. */
export function judgeOldWhole(status: Status): Line[] {
  const grave = judgeWhole(status).filter(({ tone }) => tone !== 'calm' && tone !== 'held')
  const unknown: Line = { tone: 'behind', title: 'Whether all is well cannot be told from here.', detail: '' }
  return grave.length > 0 ? grave : [unknown]
}

/** Monitors that cannot judge though their chain is seen. */
function blindMonitors({ chains, monitors }: Status): Line | null {
  const seen = new Set(chains.filter(({ sight }) => sight.state !== 'blind').map(({ id }) => id))
  const blind = monitors.filter(({ sight, chainId }) => sight.state === 'blind' && seen.has(chainId))
  const [first] = blind
  if (!first) return null
  return {
    tone: 'blind',
    title: blind.length === 1 ? `The monitor ${first.name} is blind.` : `${count(blind.length, 'monitor')} are blind.`,
    detail: `${blind.length === 1 ? '' : `${listWords(blind.map(({ name }) => name))}. `}${first.sight.reason ?? ''}`,
  }
}

function undelivered({ counts }: Status): Line | null {
  if (counts.deadMessages === 0) return null
  return {
    tone: 'undelivered',
    title: `${count(counts.deadMessages, 'message')} could not be delivered.`,
    detail: 'People may not know what they should. Tell them in another way.',
  }
}

function behind({ chains }: Status): Line | null {
  const late = chains.filter(({ sight }) => sight.state === 'behind')
  const [first] = late
  if (!first) return null
  return {
    tone: 'behind',
    title: `Catching up on ${listWords(late.map(({ name }) => name))}.`,
    detail: `${numberWords(first.lag ?? 0)} blocks are still to be judged; what they hold is not known yet.`,
  }
}

function held({ counts }: Status): Line | null {
  const parts = [
    ...(counts.acknowledged ? [`${count(counts.acknowledged, 'acknowledged alert')} in somebody's hands`] : []),
    ...(counts.muted ? [`${count(counts.muted, 'alert')} that nobody is told of`] : []),
  ]
  if (parts.length === 0) return null
  return { tone: 'held', title: 'Nothing new is firing, and we can see.', detail: `Still open: ${listWords(parts)}.` }
}

function calm({ chains, monitors }: Status): Line {
  const looking = monitors.filter(({ sight }) => sight.state === 'seen').length
  const read = chains.length === 1 ? `${chains[0]?.name ?? ''} is` : `${numberWords(chains.length)} chains are`
  return {
    tone: 'calm',
    title: 'All is well, and we can see.',
    detail: `${read} read to the newest block; ${count(looking, 'monitor')} ${looking === 1 ? 'looks' : 'look'}.`,
  }
}
