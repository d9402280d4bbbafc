import type { CommonGround, Inhibition, Silence } from '../model/route.ts'
import { type AlertRow, listToldAlerts } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { listActiveSilences } from '../store/silences.ts'
import type { AlertContext } from './alertContext.ts'
import { matches } from './matches.ts'

/** Open alerts that are looked at for each inhibition. */
const inhibitorsMax = 10_000

/** Null: it has none. */
const grounds: Record<CommonGround, (alert: AlertRow) => unknown> = {
  contract: ({ address }) => address,
  chain: ({ chainId }) => chainId,
  transaction: ({ transactionHash }) => transactionHash,
  block: ({ chainId, blockNumber }) => (blockNumber === null ? null : `${chainId} ${blockNumber}`),
}

/** Who is not told in one transaction. */
export type Muting = {
  /** Why nobody is to be told of an alert, and for how long if that is known; null: people are told. */
  why(alert: AlertRow): Promise<{ because: string; forMs?: number } | null>
  /** From now on the alert inhibits others, as people were told of it. */
  inhibitBy(alert: AlertRow): void
}

/**
 * Only what people were told of inhibits: that nobody is told of two alerts because each could inhibit the other, or
 * because the graver one is silenced or runs in shadow mode, must not happen.
 */
export function createMuting(
  tx: Connection,
  context: AlertContext,
  { now, changed }: { now: Date; changed: ReadonlyMap<string, AlertRow> },
): Muting {
  let silences: Promise<Silence[]> | undefined
  const told: AlertRow[] = []
  const stored = new Map<Inhibition, Promise<AlertRow[]>>()

  async function inhibitorOf(alert: AlertRow): Promise<AlertRow | undefined> {
    for (const inhibition of context.inhibitions) {
      if (!matches(context, inhibition.mute, alert)) continue
      const known = stored.get(inhibition) ?? listToldAlerts(tx, inhibition.when, { limit: inhibitorsMax })
      stored.set(inhibition, known)
      const others = [...told, ...(await known)].map((other) => changed.get(other.id) ?? other)
      const found = others.find((other) => inhibits(context, inhibition, other, alert))
      if (found) return found
    }
    return undefined
  }

  return {
    async why(alert) {
      silences ??= listActiveSilences(tx, now)
      const silence = (await silences).find(({ match }) => matches(context, match, alert))
      if (silence) {
        const { createdBy, endsAt, reason } = silence
        const because = `silenced by ${createdBy} until ${endsAt.toISOString()}: ${reason}`
        return { because, forMs: endsAt.getTime() - now.getTime() }
      }
      const inhibitor = await inhibitorOf(alert)
      return inhibitor ? { because: `inhibited while ${inhibitor.monitor} fires` } : null
    },
    inhibitBy: (alert) => void told.push(alert),
  }
}

function inhibits(context: AlertContext, { when, equal }: Inhibition, other: AlertRow, alert: AlertRow): boolean {
  return (
    other.id !== alert.id &&
    other.state !== 'resolved' &&
    context.monitors.get(other.monitor)?.mode !== 'shadow' &&
    matches(context, when, other) &&
    equal.every((ground) => grounds[ground](other) !== null && grounds[ground](other) === grounds[ground](alert))
  )
}
