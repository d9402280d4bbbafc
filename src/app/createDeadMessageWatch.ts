import type { DeliveryNote } from '../alerts/deliverMessages.ts'
import type { Database } from '../store/database.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { selfAlertKey, selfFinding } from '../watch/selfFinding.ts'

/**
 * Makes a listener to deliveries that raises an alert when a channel has given a message up, so that the others tell of
 * it: who relies on that channel does not know what he should. It is over when the channel takes a message again.
 * @param chainId Of the chain under which it is told; it is about none.
 */
export function createDeadMessageWatch(
  { chainId }: { chainId: number },
  { db, raise }: { db: Database; raise: RaiseVerb },
): (note: DeliveryNote) => Promise<void> {
  const broken = new Set<string>()
  const trouble = (channel: string) => `messages to ${channel} are given up`

  return async ({ channel, messageId, result, error }) => {
    const now = new Date()
    // One alert is enough: more of them would go to the same channel and be given up as well.
    if (result === 'dead' && !broken.has(channel)) {
      const finding = selfFinding({
        chainId,
        trouble: trouble(channel),
        episode: messageId,
        title: `A message could not be delivered to ${channel}: ${error ?? 'no reason was given'}`,
        severity: 'high',
        facts: { channel },
      })
      await db.transaction((tx) => raise(tx, { sighted: [{ finding, sighting: null }], cleared: [], at: now, now }))
      broken.add(channel)
    }
    if (result === 'sent' && broken.has(channel)) {
      const cleared = [selfAlertKey(chainId, trouble(channel))]
      await db.transaction((tx) => raise(tx, { sighted: [], cleared, at: now, now }))
      broken.delete(channel)
    }
  }
}
