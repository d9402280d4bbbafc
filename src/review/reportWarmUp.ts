import { countBound } from '../lib/countBound.ts'
import type { Json } from '../model/finding.ts'
import type { Raised, Stretch } from './createWarmUp.ts'
import { type Advice, proposeChange } from './proposeChange.ts'
import { monthSeconds, shareBudget } from './shareBudget.ts'

/** `AtMost`: what more pages than were seen still allow, at 95 %. Null: too little was looked at to tell. */
type Rates = { alertsPerDay: number | null; pagesPerMonth: number | null; pagesPerMonthAtMost: number | null }
type Counts = Pick<Raised, 'findings' | 'alerts' | 'pages'>

export type MonitorReport = Counts &
  Rates & {
    monitor: string
    detector: string
    mode: 'active' | 'shadow' | 'off'
    severity: string
    /** Blocks that it could not judge; they do not count as looked at. */
    blindBlocks: number
    /** Null: it keeps to its share of the budget. */
    advice: Advice | null
  }

export type WarmUpReport = {
  blocks: number
  seconds: number | null
  /** Pages in a month, of all monitors together. */
  budget: number
  /** Pages that the budget leaves for this stretch. */
  allowed: number
  monitors: MonitorReport[]
  /** Of all monitors, as if none were in shadow mode. */
  total: Counts & Rates
}

/** Whether an option of a detector may have this value. */
type AcceptsOf = (detector: string, option: string, value: Json) => boolean

/** What a stretch of the past says of monitors: how often they would have told and woken people, and what would keep to a budget. */
export function reportWarmUp({ blocks, seconds, raised }: Stretch, budget: number, accepts: AcceptsOf): WarmUpReport {
  const pages = new Map(raised.map((each) => [each.monitor.name, each.pages]))
  const shares = shareBudget(pages, { budget, seconds: seconds ?? 0 })
  const ratesOf = (counts: Counts, blind = 0) =>
    rates(counts, seconds === null ? 0 : seconds * (1 - Math.min(blind, blocks) / blocks))
  const monitors = raised.map(({ monitor, findings, alerts, pages, blind, kept }): MonitorReport => {
    const { name, detector, mode, severity } = monitor
    const allowance = shares?.get(name)
    const ofDetector = (option: string, value: Json) => accepts(detector, option, value)
    return {
      ...{ monitor: name, detector, mode, severity, findings, alerts, pages, blindBlocks: blind },
      ...ratesOf({ findings, alerts, pages }, blind),
      advice: allowance ? proposeChange({ monitor, pages: kept, allowance, accepts: ofDetector }) : null,
    }
  })
  const sum = (count: keyof Counts) => raised.reduce((total, each) => total + each[count], 0)
  const total = { findings: sum('findings'), alerts: sum('alerts'), pages: sum('pages') }
  const allowed = Math.floor((budget * (seconds ?? 0)) / monthSeconds + 1e-9)
  return { blocks, seconds, budget, allowed, monitors, total: { ...total, ...ratesOf(total) } }
}

function rates({ alerts, pages }: Counts, seen: number): Rates {
  if (seen <= 0) return { alertsPerDay: null, pagesPerMonth: null, pagesPerMonthAtMost: null }
  const months = seen / monthSeconds
  const rounded = (value: number) => Number(value.toPrecision(3))
  return {
    alertsPerDay: rounded((alerts * 86_400) / seen),
    pagesPerMonth: rounded(pages / months),
    pagesPerMonthAtMost: rounded(countBound(pages) / months),
  }
}
