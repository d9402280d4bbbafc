import { emptyPeaks, learnPeak, limitAt } from '../../src/lib/peaksOverThreshold.ts'
import { emptyUsualFlow, flowLimit, learnFlow } from '../../src/lib/usualFlow.ts'

/** Says from which share of holdings an hour is an alarm, and learns each hour after it was judged. */
export type OutflowRule = { limit(hour: number): number; learn(hour: number, share: number): void }

/** A month of hours in which no rule speaks. */
export const calibration = 720

/** Mean and standard deviation that forget, over all hours that were no alarm. */
function deviations(count: number): OutflowRule {
  let [learned, mean, variance] = [0, 0, 0]
  const limit = () => (learned < calibration ? Infinity : mean + count * Math.sqrt(variance))
  return {
    limit,
    learn(_hour, share) {
      if (share > limit()) return
      const step = Math.max(1 / ++learned, 0.01)
      const distance = share - mean
      mean += step * distance
      variance = (1 - step) * (variance + step * distance ** 2)
    },
  }
}

/** Peaks over a threshold of the logarithm over the usual of its hour; alarms are not learned at all. */
function seasonalPeaks(chance: number, floor: number): OutflowRule {
  let usual = emptyUsualFlow()
  const limits = { chance, cap: Infinity }
  const limit = (hour: number) => Math.max(floor, flowLimit(usual, hour, limits) ?? Infinity)
  return {
    limit,
    learn(hour, share) {
      if (share <= limit(hour)) usual = learnFlow(usual, hour, share, limits)
    },
  }
}

/** Peaks over a threshold of the share itself. */
function rawPeaks(chance: number): OutflowRule {
  let peaks = emptyPeaks()
  const limit = () => limitAt(peaks, chance) ?? Infinity
  return {
    limit,
    learn(_hour, share) {
      if (share <= limit()) peaks = learnPeak(peaks, share)
    },
  }
}

/** What the detector `unusual-outflow` does with its usual options, above the floor of a page. */
function ours(): OutflowRule {
  let usual = emptyUsualFlow()
  const [limits, floor] = [{ chance: 1e-3, cap: 0.05 }, 0.02]
  return {
    limit: (hour) => Math.max(floor, flowLimit(usual, hour, limits) ?? Infinity),
    learn(hour, share) {
      usual = learnFlow(usual, hour, share, limits)
    },
  }
}

export const outflowRules: Readonly<Record<string, () => OutflowRule>> = {
  'mean + 3 sd': () => deviations(3),
  'mean + 6 sd': () => deviations(6),
  'SPOT q=1e-4': () => rawPeaks(1e-4),
  'seasonal SPOT q=1e-4, > 1 %': () => seasonalPeaks(1e-4, 0.01),
  'seasonal SPOT q=1e-3, > 1 %': () => seasonalPeaks(1e-3, 0.01),
  'unusual-outflow': ours,
}
