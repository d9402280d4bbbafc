import { describe, expect, test } from 'vitest'
import { finding, type SomeFinding } from '../../test/harness/alertScene.ts'
import { monitor } from '../../test/harness/watchScene.ts'
import type { Claim } from '../model/finding.ts'
import type { Severity } from '../model/severity.ts'
import { createWarmUp } from './createWarmUp.ts'
import { reportWarmUp } from './reportWarmUp.ts'

const watch = { interests: [], limits: { percent: 10 }, detect: () => ({}) }
const monitors = ['big', 'drain', 'quiet'].map((name) =>
  monitor(name, watch, { mode: name === 'quiet' ? 'shadow' : 'active' }),
)
const day = 86_400

/** So many blocks within so many days. */
function stretch({ blocks, days }: { blocks: number; days: number }) {
  const warmUp = createWarmUp(monitors)
  const alerts = new Map<string, { severity: Severity }>()
  let number = 0
  const pass = (found: (SomeFinding & Pick<Claim, 'measured'>)[] = [], { grown = [], blind = [] as string[] } = {}) => {
    const joined = found.map(({ measured, ...some }) => {
      const made = finding(some)
      const alert = alerts.get(made.alertKey) ?? { severity: made.severity }
      alerts.set(made.alertKey, alert)
      return { item: { finding: made, ...(measured && { claim: { measured } }) }, alert }
    })
    const timestamp = (number * days * day) / blocks
    warmUp.add({ block: { number: number++, timestamp }, joined, grown, blind: new Set(blind) })
  }
  return {
    pass,
    /** The blocks that are left, in which nothing happens. */
    report(budget = 0.2) {
      while (number < blocks) pass()
      return reportWarmUp(warmUp.stretch(), budget, () => true)
    },
  }
}

describe('the report of a warm-up', () => {
  test('says of silence what it proves: fewer than three within the stretch', () => {
    const { monitors: rows, total, allowed } = stretch({ blocks: 100, days: 3 }).report()
    expect(rows).toHaveLength(3)
    for (const row of [...rows, total]) {
      expect(row).toMatchObject({ findings: 0, alerts: 0, pages: 0, pagesPerMonth: 0, pagesPerMonthAtMost: 30 })
    }
    expect(rows.every(({ advice }) => advice === null)).toBe(true)
    expect(allowed).toBe(0)
  })

  test('counts alerts and not findings, and pages by what is high', () => {
    const { pass, report } = stretch({ blocks: 100, days: 10 })
    pass([{ key: 'a' }, { key: 'b' }, { key: 'c', severity: 'medium', group: 'other' }])
    pass([
      { key: 'd', severity: 'critical' },
      { key: 'e', severity: 'high', group: 'other' },
    ])
    pass([{ key: 'f', severity: 'medium', group: 'third' }])
    const { monitors: rows, total } = report()
    expect(rows[0]).toMatchObject({ findings: 6, alerts: 3, pages: 2, alertsPerDay: 0.3, pagesPerMonth: 6 })
    expect(total).toMatchObject({ findings: 6, alerts: 3, pages: 2 })
  })

  test('takes what a monitor could not look at off the time that it is measured by', () => {
    const { pass, report } = stretch({ blocks: 10, days: 10 })
    for (let block = 0; block < 5; block++) pass([], { blind: ['big'] })
    pass([], { blind: ['*'] })
    const { monitors: rows } = report()
    expect(rows.map(({ blindBlocks, pagesPerMonthAtMost }) => [blindBlocks, pagesPerMonthAtMost])).toEqual([
      [6, 22.5],
      [1, 9.99],
      [1, 9.99],
    ])
  })

  test('says nothing of a month where nothing was seen', () => {
    const alone = stretch({ blocks: 1, days: 1 })
    alone.pass([{ key: 'a', measured: { limit: ['percent'], value: 20 } }])
    const { seconds, total, monitors: rows } = alone.report()
    expect({ seconds, ...total }).toMatchObject({ seconds: null, pages: 1, alertsPerDay: null, pagesPerMonth: null })
    expect(rows[0]!.advice?.proposal).toMatchObject({ kind: 'limits', options: { percent: 22 } })
    const blind = stretch({ blocks: 2, days: 1 })
    blind.pass([], { blind: ['*'] })
    blind.pass([], { blind: ['*'] })
    expect(blind.report().monitors[0]).toMatchObject({ pagesPerMonthAtMost: null })
  })

  test('weighs what an alert grew to, also after it was over', () => {
    const { pass, report } = stretch({ blocks: 10, days: 1 })
    const measured = { limit: ['percent'], value: 20 }
    pass([{ key: 'a', measured }])
    const { alertKey } = finding({ key: 'a' })
    const grown = [
      { alertKey, measured: { ...measured, value: 50 } },
      { alertKey: 'nobody', measured: { ...measured, value: 90 } },
    ]
    pass([], { grown: grown as never })
    expect(report().monitors[0]!.advice?.proposal).toMatchObject({ options: { percent: 55 } })
  })

  test('counts shadow monitors as if they were active, and keeps to what a month allows', () => {
    const { pass, report } = stretch({ blocks: 10, days: 30 })
    const measured = { limit: ['percent'], value: 20 }
    pass([{ key: 'a', monitor: 'quiet', measured }])
    expect(report(1).monitors.every(({ advice }) => advice === null)).toBe(true)
    expect(report(0.9).monitors.map(({ advice }) => advice?.proposal.kind)).toEqual([undefined, undefined, 'limits'])
  })

  test('keeps a bounded number of pages, and yet the largest of very many', () => {
    const warmUp = createWarmUp(monitors)
    for (let number = 0; number < 12_000; number++) {
      const measured = { limit: ['percent'], value: number === 11_000 ? 80 : 20 }
      const alert = { severity: 'high' as const }
      const item = { finding: finding({ key: `${number}`, group: `${number}` }), claim: { measured } }
      const block = { number, timestamp: 12 * number }
      warmUp.add({ block, joined: [{ item, alert }], grown: [], blind: new Set() })
    }
    const found = warmUp.stretch()
    expect(found.raised[0]!.kept).toHaveLength(10_000)
    const [row] = reportWarmUp(found, 0.2, (_, __, value) => Number(value) <= 100).monitors
    expect(row).toMatchObject({ pages: 12_000, advice: { proposal: { options: { percent: 88 } } } })
  })
})
