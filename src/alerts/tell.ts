import { hash } from '../lib/hash.ts'
import type { Json } from '../model/finding.ts'
import type { Message, MessageKind } from '../model/message.ts'
import type { Silence } from '../model/route.ts'
import type { AlertRow } from '../store/alerts.ts'
import { listFiring } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { insertMessages } from '../store/messages.ts'
import { listActiveSilences } from '../store/silences.ts'
import type { AlertContext } from './alertContext.ts'
import { composeMessage } from './composeMessage.ts'
import { matches } from './matches.ts'
import { whyMuted } from './whyMuted.ts'

/** Who is told within one transaction: what is silenced and what fires is looked up once. */
export type Teller = {
  /** Tells of a change, or notes on the alert why nobody is told. Changes the alert, which the caller saves. */
  tell(alert: AlertRow, kind: MessageKind, facts: Record<string, Json>): Promise<void>
  /** Tells of what the storm limit kept back. To be called once, at the end. */
  tellOfStorm(): Promise<void>
}

/** New alerts of one monitor that are told one by one in a block; the rest is told as a number. */
const stormLimit = 5

/** @param at Time of the change: of the block for what the chain did, of the clock for what people did. */
export function createTeller(tx: Connection, context: AlertContext, { at, now }: { at: Date; now: Date }): Teller {
  let muting: Promise<{ silences: Silence[]; firing: AlertRow[] }> | undefined
  const opened = new Map<string, AlertRow[]>()

  async function lookUp() {
    const firing = context.inhibitions.length > 0 ? await listFiring(tx, { limit: 10_000 }) : []
    return { silences: await listActiveSilences(tx, now), firing }
  }

  /** True: the alert is one too many of its monitor in this block. */
  function isStorm(alert: AlertRow): boolean {
    const siblings = opened.get(alert.monitor) ?? []
    opened.set(alert.monitor, [...siblings, alert])
    return siblings.length >= stormLimit
  }

  return {
    async tell(alert, kind, facts) {
      muting ??= lookUp()
      const around = await muting
      const reason = whyMuted(context, alert, around)
      alert.mutedBecause = reason
      alert.toldAt = at
      if (reason !== null) {
        // What is silenced or inhibited is told when that ends; nobody waits for what runs in shadow mode.
        if (context.monitors.get(alert.monitor)?.mode === 'shadow') alert.untold = 0
        return
      }
      alert.untold = 0
      if (kind === 'firing' && isStorm(alert)) {
        alert.mutedBecause = `more than ${stormLimit} alerts of ${alert.monitor} in one block: told as a number`
        return
      }
      const channels = channelsFor(context, alert)
      const rows = channels.map((channel) => {
        return {
          channel,
          alertId: alert.id,
          content: composeMessage(context, { alert, kind, channel, at, facts }),
          dueAt: now,
        }
      })
      await insertMessages(tx, rows)
      if (channels.length === 0) alert.mutedBecause = 'no route leads to anybody'
      alert.told++
      around.firing.push(alert)
    },
    async tellOfStorm() {
      for (const alerts of opened.values()) {
        const kept = alerts.slice(stormLimit)
        if (kept.length === 0) continue
        const rows = channelsFor(context, kept[0]!).map((channel) => {
          return { channel, alertId: null, content: stormMessage(context, kept, channel, at), dueAt: now }
        })
        await insertMessages(tx, rows)
      }
    },
  }
}

function channelsFor(context: AlertContext, alert: AlertRow): string[] {
  const routes = context.routes.filter(({ match }) => matches(context, match, alert))
  return [...new Set(routes.flatMap(({ notify }) => notify))]
}

function stormMessage(context: AlertContext, kept: AlertRow[], channel: string, at: Date): Message {
  const { monitor, chainId, severity } = kept[0]!
  const chain = context.chains.get(chainId)?.name ?? chainId
  return {
    id: hash('storm', ...kept.map(({ id }) => id), channel),
    kind: 'firing',
    severity,
    title: `And ${kept.length} more alerts of ${monitor} in the same block`,
    sentences: [
      `Monitor ${monitor} raised ${kept.length + stormLimit} alerts on ${chain} at once; the first ${stormLimit} were told one by one.`,
    ],
    advice: 'Open the console to see all of them.',
    facts: [],
    links: [{ title: 'Open the console', url: context.consoleUrl }],
    at: at.toISOString(),
  }
}
