import type { Inhibition, Silence } from '../model/route.ts'
import type { AlertRow } from '../store/alerts.ts'
import type { AlertContext } from './alertContext.ts'
import { matches } from './matches.ts'

/** Why nobody is to be told of an alert now; null: people are told. */
export function whyMuted(
  context: AlertContext,
  alert: AlertRow,
  { silences, firing }: { silences: readonly Silence[]; firing: readonly AlertRow[] },
): string | null {
  if (context.monitors.get(alert.monitor)?.mode === 'shadow') return `${alert.monitor} runs in shadow mode`
  const silence = silences.find(({ match }) => matches(context, match, alert))
  if (silence) return `silenced by ${silence.createdBy} until ${silence.endsAt.toISOString()}: ${silence.reason}`
  for (const inhibition of context.inhibitions) {
    const source = inhibitor(context, inhibition, alert, firing)
    if (source) return `inhibited while ${source.monitor} fires`
  }
  return null
}

function inhibitor(
  context: AlertContext,
  { when, mute, equal }: Inhibition,
  alert: AlertRow,
  firing: readonly AlertRow[],
): AlertRow | undefined {
  if (!matches(context, mute, alert)) return undefined
  const same = { contract: 'address', chain: 'chainId', transaction: 'transactionHash' } as const
  return firing.find(
    (other) =>
      other.id !== alert.id &&
      other.state !== 'resolved' &&
      matches(context, when, other) &&
      equal.every((field) => other[same[field]] === alert[same[field]]),
  )
}
