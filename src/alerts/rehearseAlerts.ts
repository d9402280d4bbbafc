import type { Monitor } from '../model/monitor.ts'
import type { AlertRow } from '../store/alerts.ts'
import { type Item, joinAlert, openAlert } from './joinAlert.ts'

/** What is found in one block of the past. */
type Found<Sighted extends Item> = { sighted: readonly Sighted[]; cleared: readonly string[]; at: Date }

export type Rehearsal = {
  /** Lets the findings of the next block join alerts, as they would if they were raised: each with its alert. */
  join<Sighted extends Item>(found: Found<Sighted>): { item: Sighted; alert: AlertRow }[]
}

/** After so many blocks alerts that are over are let go of, so that a long stretch does not fill the memory. */
const sweepEvery = 256

/** Joins findings into alerts as `raise` does, in memory: nothing is stored, nobody is told. There is no reorg in the past. */
export function rehearseAlerts(monitors: readonly Pick<Monitor, 'name' | 'resolveAfterSeconds'>[]): Rehearsal {
  const resolveAfter = new Map(monitors.map(({ name, resolveAfterSeconds }) => [name, resolveAfterSeconds]))
  const alerts = new Map<string, AlertRow>()
  let blocks = 0
  /** Time of the block before: what was due by then was over before this one. */
  let before = new Date(0)
  const isOver = ({ resolveAt }: AlertRow) => resolveAt !== null && resolveAt <= before

  function enter(key: string, items: readonly Item[], at: Date): AlertRow {
    const joining = { items, at, resolveAfterSeconds: resolveAfter.get(items[0]!.finding.monitor) ?? null }
    const known = alerts.get(key)
    if (known && !isOver(known)) {
      joinAlert(known, joining)
      return known
    }
    const opened = openAlert(joining)
    alerts.set(key, opened)
    return opened
  }

  return {
    join({ sighted, cleared, at }) {
      const groups = Map.groupBy(sighted, ({ finding }) => finding.alertKey)
      const joined = [...groups].flatMap(([key, items]) => {
        const alert = enter(key, items, at)
        return items.map((item) => ({ item, alert }))
      })
      for (const key of cleared) alerts.delete(key)
      before = at
      if (++blocks % sweepEvery === 0) for (const [key, alert] of alerts) if (isOver(alert)) alerts.delete(key)
      return joined
    },
  }
}
