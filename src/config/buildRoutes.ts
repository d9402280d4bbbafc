import type { Inhibition, Matcher, Route } from '../model/route.ts'
import { severities } from '../model/severity.ts'
import type { MatcherChoice } from './matcherSchema.ts'
import type { Sections } from './parseSections.ts'
import type { Path } from './readYaml.ts'
import { didYouMean, type Report } from './report.ts'

/** Name under which what is about Tocsin itself is matched, as a monitor and as a detector. */
const self = 'tocsin'

type Names = Record<'monitors' | 'detectors' | 'contracts' | 'chains', readonly string[]>

/** Who is told of what. Where the config has no routes, every channel hears of everything that is more than information. */
export function buildRoutes(
  { routes, inhibit, channels, contracts, chains }: Sections,
  { monitors, detectors }: { monitors: readonly string[]; detectors: readonly string[] },
  report: Report,
): { routes: Route[]; inhibitions: Inhibition[] } {
  const names: Names = {
    monitors: [...monitors, self],
    detectors: [...detectors, self],
    contracts: contracts.names,
    chains: chains.names,
  }
  const everybody = {
    match: { severities: severities.filter((severity) => severity !== 'info') },
    notify: channels.names,
  }
  return {
    routes: routes
      ? routes.map(({ index, item: { match, notify } }) => {
          for (const [position, channel] of notify.entries()) {
            if (channels.names.includes(channel)) continue
            const hint = didYouMean(channel, channels.names)
            report(['routes', index, 'notify', position], `There is no channel \`${channel}\`.`, hint)
          }
          return { match: matcherOf(match, ['routes', index, 'match'], names, report), notify }
        })
      : [everybody],
    inhibitions: inhibit.map(({ index, item: { when, mute, equal } }) => ({
      when: matcherOf(when, ['inhibit', index, 'when'], names, report),
      mute: matcherOf(mute, ['inhibit', index, 'mute'], names, report),
      equal,
    })),
  }
}

function matcherOf(choice: MatcherChoice, path: Path, names: Names, report: Report): Matcher {
  const matcher: Matcher = choice.severity ? { severities: choice.severity } : {}
  for (const field of ['monitor', 'detector', 'contract', 'chain'] as const) {
    const wanted = choice[field]
    if (!wanted) continue
    const known = names[`${field}s`]
    for (const [position, name] of wanted.entries()) {
      if (known.includes(name)) continue
      report([...path, field, position], `There is no ${field} \`${name}\`.`, didYouMean(name, known))
    }
    Object.assign(matcher, { [`${field}s`]: wanted })
  }
  return matcher
}
