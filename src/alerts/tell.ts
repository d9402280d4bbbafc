import { noRoute } from '../model/alert.ts'
import type { Finding } from '../model/finding.ts'
import type { Message, MessageKind } from '../model/message.ts'
import type { AlertRow } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { listToldChannels, type NewMessage } from '../store/messages.ts'
import type { AlertContext } from './alertContext.ts'
import { composeMessage } from './composeMessage.ts'
import { createMuting } from './createMuting.ts'
import { createStorms, type NewsKind } from './createStorms.ts'
import { matches } from './matches.ts'

/** Why something is told. `note`: one sentence more. */
export type News = {
  kind: NewsKind
  /** The finding that is the news: its facts are told, and its title where it is not that of the alert. */
  newest: Pick<Finding, 'title' | 'facts'> | undefined
  note?: string
}
export type Outcome = Extract<MessageKind, 'acknowledged' | 'resolved' | 'retracted'>

/** Who is told what within one transaction: what is silenced and what inhibits is looked up once. */
export type Teller = {
  /**
   * Tells what is new about an alert, or notes on it why nobody is told now, and when to try again. Changes the alert,
   * which the caller saves.
   */
  tell(alert: AlertRow, news: News): Promise<void>
  /** Tells those who were told of an alert what became of it: also where it is muted now, as they wait for it. */
  tellOutcome(alert: AlertRow, outcome: Outcome): void
  /** What people are to be told of it all, and of what the storm limit kept back. To be called once, at the end. */
  messages(): Promise<NewMessage[]>
}

const tellSoonestMs = 1000
/** The end of a silence is a time of the clock, and that of the chain may go another way. */
const mutedMsMax = 60 * 60_000

/**
 * @param at Time of the change: of the block for what the chain did, of the clock for what people did.
 * @param changed The alerts that the transaction has changed so far, by id: whether they are stored yet does not matter.
 */
export function createTeller(
  tx: Connection,
  context: AlertContext,
  { at, now, changed = new Map() }: { at: Date; now: Date; changed?: ReadonlyMap<string, AlertRow> },
): Teller {
  const muting = createMuting(tx, context, { now, changed })
  const storms = createStorms(context, at)
  const outbox: NewMessage[] = []
  const outcomes: { alert: AlertRow; outcome: Outcome }[] = []
  const updateEveryMs = context.updateEverySeconds * 1000

  function post(alert: AlertRow, channel: string, content: Message): void {
    outbox.push({ channel, alertId: alert.id, turn: alert.told, content, dueAt: now })
  }

  function putOff(alert: AlertRow, because: string, waitMs: number): void {
    alert.mutedBecause = because
    alert.tellAt = new Date(at.getTime() + Math.max(tellSoonestMs, waitMs))
  }

  return {
    async tell(alert, { kind, newest, note }) {
      if (context.monitors.get(alert.monitor)?.mode === 'shadow') {
        // Nobody waits for it, so it is not tried again.
        Object.assign(alert, { mutedBecause: `${alert.monitor} runs in shadow mode`, untold: 0 })
        return
      }
      const muted = await muting.why(alert)
      if (muted) return putOff(alert, muted.because, Math.min(muted.forMs ?? updateEveryMs, mutedMsMax))
      const channels = channelsFor(context, alert)
      if (channels.length === 0) return putOff(alert, noRoute, updateEveryMs)

      alert.untold = 0
      alert.tellAt = new Date(at.getTime() + updateEveryMs)
      const open = channels.filter((channel) => storms.admits(alert, kind, channel))
      alert.mutedBecause = open.length > 0 ? null : storms.reason(alert)
      if (open.length === 0) return
      const words = { facts: newest?.facts ?? {}, note: notesOf(alert, { newest, note }) }
      for (const channel of open) post(alert, channel, composeMessage(context, { alert, kind, channel, at, ...words }))
      alert.told++
      alert.toldAt = at
      muting.inhibitBy(alert)
    },
    tellOutcome(alert, outcome) {
      if (alert.told === 0) return
      outcomes.push({ alert: { ...alert }, outcome })
      alert.told++
      alert.toldAt = at
    },
    async messages() {
      const told = await listToldChannels(
        tx,
        outcomes.map(({ alert }) => alert.id),
      )
      const known = new Set(context.routes.flatMap(({ notify }) => notify))
      for (const { alert, outcome: kind } of outcomes) {
        const before = outbox.filter(({ alertId }) => alertId === alert.id).map(({ channel }) => channel)
        for (const channel of new Set([...(told.get(alert.id) ?? []), ...before])) {
          if (known.has(channel)) post(alert, channel, composeMessage(context, { alert, kind, channel, at, facts: {} }))
        }
      }
      for (const { channel, content } of storms.summaries()) {
        outbox.push({ channel, alertId: null, turn: summaryTurn, content, dueAt: now })
      }
      return outbox
    },
  }
}

function notesOf({ title }: AlertRow, { newest, note }: Pick<News, 'newest'> & { note: string | undefined }): string {
  const isOther = newest !== undefined && newest.title !== title
  return [note, isOther ? `The newest: ${newest.title}.` : undefined].filter(Boolean).join(' ')
}

/** After the alerts of which it says that there are more. */
const summaryTurn = 1_000_000

function channelsFor(context: AlertContext, alert: AlertRow): string[] {
  const routes = context.routes.filter(({ match }) => matches(context, match, alert))
  return [...new Set(routes.flatMap(({ notify }) => notify))]
}
