import { z } from 'zod'
import { cusumLimit, cusumShape, emptyCusum, nextCusum } from './cusum.ts'
import { emptyPeaks, learnPeak, limitAt, peaksShape } from './peaksOverThreshold.ts'
import { emptyLevel, learnLevel, levelAt, levelShape } from './seasonalLevel.ts'

/**
 * What usually flows in an hour, learned from shares of what was held. A share is judged by its logarithm over what is
 * usual at that hour, since flows spread over orders of magnitude. Plain data of bounded size.
 */
export const usualFlowShape = z.object({ level: levelShape, peaks: peaksShape, creep: cusumShape })
export type UsualFlow = z.output<typeof usualFlowShape>

export const emptyUsualFlow = (): UsualFlow => ({ level: emptyLevel(), peaks: emptyPeaks(), creep: emptyCusum })

export type FlowLimits = {
  /** How rare an hour must be to be an alarm, as a chance. */
  chance: number
  /** The share that is an alarm in any case, unless one hour in fifty reaches it. */
  cap: number
}

/** The share that is an alarm in this hour, counted since the epoch; null: not enough is known yet. */
export function flowLimit({ level, peaks }: UsualFlow, hour: number, { chance, cap }: FlowLimits): number | null {
  const usual = levelAt(level, hour)
  const rare = limitAt(peaks, chance)
  if (usual === null || rare === null) return null
  const limit = Math.exp(usual + rare)
  return Math.exp(usual + peaks.threshold!) < cap ? Math.min(cap, limit) : limit
}

/** What usually flows in this hour; null: nothing is known yet. */
export function usualShare({ level }: UsualFlow, hour: number): number | null {
  const usual = levelAt(level, hour)
  return usual === null ? null : Math.exp(usual)
}

/** Whether hour after hour has been above the usual, each perhaps by little. */
export const creeps = ({ creep, peaks }: UsualFlow): boolean => peaks.threshold !== null && creep.sum >= cusumLimit

/**
 * What is usual after one more hour. An alarm is learned as no more than its limit: a drain does not teach that drains
 * are usual, and yet what goes on for ever stops being news. An hour without a flow is no size to learn.
 */
export function learnFlow(before: UsualFlow, hour: number, share: number, limits: FlowLimits): UsualFlow {
  if (share <= 0) return { ...before, creep: nextCusum(before.creep, -quiet) }
  const limit = flowLimit(before, hour, limits)
  const value = Math.log(limit === null ? share : Math.min(share, limit))
  const usual = levelAt(before.level, hour) ?? value
  return {
    level: learnLevel(before.level, hour, value),
    peaks: learnPeak(before.peaks, value - usual),
    creep: nextCusum(before.creep, Math.log(share) - usual),
  }
}

/** How far below the usual an hour without any flow is taken to be, in natural logarithms. */
const quiet = 1
