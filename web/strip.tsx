import { useState } from 'react'
import { severityShapes } from './icons.tsx'
import { alertPath, go } from './route.tsx'
import type { Alert, Chain } from './types.ts'
import { useNow } from './useNow.ts'
import { count, severities, severityWords } from './words.ts'

const spans = [1, 6, 24]
/** Also the height of a name beside it, in strip.css. */
const laneHeight = 18
const bottom = severities.length * laneHeight

/** When alerts began and how long they lasted, a lane for each severity, and since when some chain is not seen. */
export function Strip({ alerts, chains }: { alerts: Alert[]; chains: Chain[] }) {
  const now = Math.floor(useNow() / 10_000) * 10_000 + 10_000
  const oldest = Math.min(now, ...alerts.map(({ firstSeenAt }) => Date.parse(firstSeenAt)))
  const [chosen, choose] = useState<number | null>(null)
  const hours = chosen ?? spans.find((span) => oldest > now - span * 3_600_000) ?? 24
  const start = now - hours * 3_600_000
  const share = (at: number) => Math.min(1, Math.max(0, (at - start) / (now - start)))
  const percent = (at: number) => `${(share(at) * 100).toFixed(2)}%`
  const blindFrom = blindSince(chains, now)
  const shown = alerts.filter(({ lastSeenAt, state }) => state !== 'resolved' || Date.parse(lastSeenAt) > start)

  return (
    <section
      className="strip"
      aria-label={`Alerts over time: ${count(shown.length, 'alert')} in the last ${hours} hours`}
    >
      <fieldset className="spans" aria-label="How far back">
        {spans.map((span) => (
          <button key={span} type="button" aria-pressed={span === hours} onClick={() => choose(span)}>
            {span} h
          </button>
        ))}
      </fieldset>
      <div className="lanes">
        <div className="names" aria-hidden="true">
          {severities.map((severity) => (
            <span key={severity}>{severityWords[severity]}</span>
          ))}
        </div>
        <svg className="plot" height={bottom + 20} aria-hidden="true">
          <defs>
            <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="3" height="7" />
            </pattern>
          </defs>
          {blindFrom !== null && (
            <rect
              className="blind"
              x={percent(blindFrom)}
              width={`${((1 - share(blindFrom)) * 100).toFixed(2)}%`}
              height={bottom}
            />
          )}
          {ticks(start, now, hours).map((at) => (
            <g key={at} className="tick">
              <line x1={percent(at)} x2={percent(at)} y1="0" y2={bottom} />
              <text x={percent(at)} y={bottom + 13}>
                {new Date(at).toISOString().slice(11, 16)}
              </text>
            </g>
          ))}
          {shown.map((alert) => (
            <Mark key={alert.id} alert={alert} percent={percent} now={now} />
          ))}
        </svg>
      </div>
      <p className="quiet">Time in UTC. A bar lasts as long as its alert is open.</p>
    </section>
  )
}

function Mark({ alert, percent, now }: { alert: Alert; percent(at: number): string; now: number }) {
  const y = (severities.indexOf(alert.severity) + 0.5) * laneHeight
  const began = percent(Date.parse(alert.firstSeenAt))
  const ended = percent(alert.state === 'resolved' ? Date.parse(alert.resolvedAt ?? alert.lastSeenAt) : now)
  return (
    // For the mouse only: the same links stand in the lists, for who uses none.
    <a
      href={alertPath(alert.id)}
      tabIndex={-1}
      className={`mark ${alert.severity} ${alert.state} ${alert.stage}`}
      onClick={(event) => {
        event.preventDefault()
        go(alertPath(alert.id))
      }}
    >
      <title>{`${severityWords[alert.severity]}: ${alert.title}`}</title>
      <line x1={began} x2={ended} y1={y} y2={y} />
      <svg aria-hidden="true" x={began} y={y} overflow="visible">
        <path d={severityShapes[alert.severity]} transform="scale(0.75)" />
      </svg>
    </a>
  )
}

/** Since when some chain is not seen; null: all are. */
function blindSince(chains: Chain[], now: number): number | null {
  const blind = chains.filter(({ sight }) => sight.state === 'blind')
  return blind.length === 0 ? null : Math.min(...blind.map(({ sight }) => Date.parse(sight.since ?? '') || now))
}

/** About six round moments between two times. */
function ticks(start: number, end: number, hours: number): number[] {
  const step = (hours / 6) * 3_600_000
  const first = Math.ceil(start / step) * step
  const moments: number[] = []
  for (let at = first; at <= end - step / 4; at += step) moments.push(at)
  return moments
}
