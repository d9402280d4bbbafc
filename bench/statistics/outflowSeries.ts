import { seededRandom } from '../../test/harness/seededRandom.ts'

const days = 240

/**
 * Hourly gross outflow of a made-up protocol, as a share of what it holds: a log-normal body that breathes with the day
 * and the week and drifts, and whales whose withdrawals have a Pareto tail. Protocols differ in how busy they are, how
 * regular, and how heavy their tail is.
 */
export function outflowSeries(seed: number): number[] {
  const random = seededRandom(seed * 7919 + 17)
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 20; skipped++) random()
  const between = (low: number, high: number) => low + (high - low) * random()
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

  const median = Math.exp(between(Math.log(4e-5), Math.log(4e-4)))
  const [sigma, daily, weekend] = [between(0.5, 1), between(0.2, 0.8), between(0, 0.5)]
  const [drift, phase] = [between(-1, 1), between(0, 24)]
  const whales = { index: between(1.3, 2), chance: between(0.004, 0.015), least: median * between(6, 14) }

  return Array.from({ length: days * 24 }, (_, hour) => {
    const isWeekend = Math.floor(hour / 24) % 7 >= 5
    const season = daily * Math.sin((2 * Math.PI * (hour - phase)) / 24) - (isWeekend ? weekend : 0)
    const body = Math.exp(Math.log(median) + season + (drift * hour) / (days * 24) + sigma * normal())
    const whale = random() < whales.chance ? whales.least * (1 - random()) ** (-1 / whales.index) : 0
    return Math.min(1, body + whale)
  })
}
