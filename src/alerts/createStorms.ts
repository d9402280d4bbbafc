import { hash } from '../lib/hash.ts'
import type { Message, MessageKind } from '../model/message.ts'
import { compareSeverity } from '../model/severity.ts'
import type { AlertRow } from '../store/alerts.ts'
import type { AlertContext } from './alertContext.ts'

export type NewsKind = Extract<MessageKind, 'firing' | 'updated'>

/** Alerts of one monitor that one channel is told of one by one in a block; the rest is told as a number. */
const stormLimit = 5

/** Keeps a monitor that finds a thousand things in a block from sending a thousand messages. */
export type Storms = {
  /** False: the channel has heard enough of this monitor in this block, and hears of this alert in the number only. */
  admits(alert: AlertRow, kind: NewsKind, channel: string): boolean
  reason(alert: AlertRow): string
  /** What says how many were kept back, for each channel concerned. */
  summaries(): { channel: string; content: Message }[]
}

export function createStorms(context: AlertContext, at: Date): Storms {
  const seen = new Map<string, { channel: string; kind: NewsKind; alerts: AlertRow[] }>()
  return {
    admits(alert, kind, channel) {
      const name = JSON.stringify([alert.monitor, kind, channel])
      const storm = seen.get(name) ?? { channel, kind, alerts: [] }
      seen.set(name, storm)
      storm.alerts.push({ ...alert })
      return storm.alerts.length <= stormLimit
    },
    reason: ({ monitor }) => `more than ${stormLimit} alerts of ${monitor} in one block: told as a number`,
    summaries: () =>
      [...seen.values()]
        .filter(({ alerts }) => alerts.length > stormLimit)
        .map(({ channel, kind, alerts }) => ({ channel, content: summary(context, { channel, kind, alerts, at }) })),
  }
}

function summary(
  context: AlertContext,
  { channel, kind, alerts, at }: { channel: string; kind: NewsKind; alerts: AlertRow[]; at: Date },
): Message {
  const kept = alerts.slice(stormLimit)
  const { monitor, chainId } = kept[0]!
  const chain = context.chains.get(chainId)?.name ?? chainId
  const [gravest] = kept.map(({ severity }) => severity).toSorted((a, b) => compareSeverity(b, a))
  const what = `${kept.length} more ${kept.length === 1 ? 'alert' : 'alerts'} of ${monitor}`
  const [title, did] =
    kind === 'firing'
      ? [`And ${what} in the same block`, `raised ${alerts.length} alerts`]
      : [`And ${what} go on`, `has news of ${alerts.length} alerts`]
  return {
    id: hash('storm', channel, kind, at.toISOString(), ...kept.map(({ id }) => id)),
    kind,
    severity: gravest!,
    title,
    sentences: [`Monitor ${monitor} ${did} on ${chain} at once; the first ${stormLimit} were told one by one.`],
    advice: 'Open the console to see all of them.',
    facts: [],
    links: [{ title: 'Open the console', url: context.consoleUrl }],
    at: at.toISOString(),
  }
}
