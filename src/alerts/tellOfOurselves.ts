import { lockOverdueBlockless } from '../store/alerts.ts'
import type { Database } from '../store/database.ts'
import { findNewest } from '../store/findings.ts'
import { saveNews } from '../store/saveNews.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller } from './tell.ts'

const alertsMax = 500

/**
 * Tells what was put off about alerts that rest on no block, such as that a chain cannot be seen: while no block
 * comes, nothing else moves them on. To be called every now and then, by the wall clock.
 */
export async function tellOfOurselves(db: Database, context: AlertContext, { now }: { now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    const overdue = await lockOverdueBlockless(tx, { now, limit: alertsMax })
    if (overdue.length === 0) return
    const teller = createTeller(tx, context, { at: now, now })
    const ids = overdue.map(({ id }) => id)
    const newest = await findNewest(tx, ids)
    for (const alert of overdue) {
      await teller.tell(alert, { kind: alert.told === 0 ? 'firing' : 'updated', newest: newest.get(alert.id) })
    }
    const changes = ids.map((id) => ({ kind: 'alert' as const, id }))
    await saveNews(tx, { alerts: overdue, messages: await teller.messages(), changes })
  })
}
