import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import { hexShape } from '../../remembered.ts'
import type { SafeLog } from './safeLogs.ts'

/** What happened to accounts of a Safe within a day: unix time of each, the newest last. */
const datedShape = z.array(z.tuple([hexShape, z.number()]))
export const recentShape = z.object({ added: datedShape, removed: datedShape, enabled: datedShape })
export type Recent = z.output<typeof recentShape>
type Dated = [account: Address, at: number]

export const daySeconds = 86_400
const rowsMax = 32

export const noneRecent: Recent = { added: [], removed: [], enabled: [] }

/** With what a Safe told in a block at `now`; who was added and removed again, or the other way round, is left out. */
export function withRecent({ added, removed, enabled }: Recent, told: readonly SafeLog[], now: number): Recent {
  const next: Recent = { added: within(added, now), removed: within(removed, now), enabled: within(enabled, now) }
  for (const { name, values } of told) {
    const account = values[0] as Address
    if (name === 'addedOwner') move(next.removed, next.added, account, now)
    if (name === 'removedOwner') move(next.added, next.removed, account, now)
    if (name === 'enabledModule') next.enabled = [...without(next.enabled, account), [account, now]]
  }
  for (const rows of Object.values(next)) rows.splice(0, rows.length - rowsMax)
  return next
}

const within = (rows: readonly Dated[], now: number) => rows.filter(([, at]) => at > now - daySeconds)
const without = (rows: readonly Dated[], account: Address) => rows.filter(([other]) => other !== account)

function move(from: Dated[], to: Dated[], account: Address, now: number): void {
  const place = from.findIndex(([other]) => other === account)
  if (place >= 0) from.splice(place, 1)
  else to.push([account, now])
}
