import { cusumLimit } from '../../../lib/cusum.ts'
import { creeps, emptyUsualFlow, type FlowLimits, learnFlow } from '../../../lib/usualFlow.ts'
import { type Hour, type Learned, shareOf } from './series.ts'

export const nothingLearned = (): Learned => ({ usual: emptyUsualFlow(), lost: 0, toldOfCreep: false, creeps: 0 })

/** After so many hours without any flow nothing creeps any more. */
const quietHoursMax = 4 * cusumLimit

/** What is known once an hour is over, and those behind it in which nothing moved, up to the hour `next`. */
export function learnHours(before: Learned, over: Hour, next: number, limits: FlowLimits): Learned {
  const share = shareOf(over)
  if (share === null) return before
  let usual = learnFlow(before.usual, over.hour, share, limits)
  const net = shareOf(over, BigInt(over.out) - BigInt(over.in)) ?? 0
  const lost = usual.creep.sum > 0 ? Math.max(0, before.lost + net) : 0
  const quiet = Math.min(quietHoursMax, next - over.hour - 1)
  for (let hour = over.hour + 1; hour <= over.hour + quiet; hour++) usual = learnFlow(usual, hour, 0, limits)
  const isCalm = usual.creep.sum === 0
  return {
    ...before,
    usual,
    lost: isCalm ? 0 : Number(lost.toPrecision(6)),
    toldOfCreep: before.toldOfCreep && !isCalm,
  }
}

/** Whether a creep is there that was not told yet, and worth telling. */
export const isNewCreep = ({ usual, lost, toldOfCreep }: Learned, percent: number): boolean =>
  !toldOfCreep && creeps(usual) && lost * 100 >= percent
