import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alertScene, finding, keyOf, type SomeFinding, sampleContext, timeOf } from '../../test/harness/alertScene.ts'
import { createTestDatabase } from '../../test/harness/database.ts'
import type { AlertRow } from '../store/alerts.ts'
import { rehearseAlerts } from './rehearseAlerts.ts'

const context = sampleContext()
const monitors = [...context.monitors].map(([name, { resolveAfterSeconds }]) => ({ name, resolveAfterSeconds }))

const some: fc.Arbitrary<Omit<SomeFinding, 'key'>> = fc.record({
  monitor: fc.constantFrom('big', 'drain', 'patient', 'quiet'),
  severity: fc.constantFrom('low', 'high', 'critical'),
  group: fc.constantFrom('g1', 'g2', 'g3'),
})
/** 600 seconds, after which most monitors resolve, are 50 blocks. */
const gap = fc.oneof(fc.constantFrom(1, 49, 50, 51), fc.integer({ min: 1, max: 400 }))
const step = fc.record({ finds: fc.array(some, { maxLength: 3 }), clears: fc.array(some, { maxLength: 1 }), gap })

/** In a chain without reorgs no finding comes twice. */
function numbered(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]) {
  let [number, count] = [100, 0]
  return steps.map(({ finds, clears, gap }) => {
    number += gap
    const own = finds.map((each): SomeFinding => ({ ...each, key: `k${count++}` }))
    return { number, finds: own, clears: clears.map((each): SomeFinding => ({ ...each, key: 'over' })) }
  })
}

const plain = (alerts: readonly AlertRow[]) =>
  alerts
    .map(({ id, monitor, severity, findings, title }) => ({ id, monitor, severity, findings, title }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

test('joins findings into the same alerts as the database does', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
    const database = await createTestDatabase()
    try {
      const scene = alertScene(database.db, context)
      const rehearsal = rehearseAlerts(monitors)
      const alerts = new Set<AlertRow>()
      for (const { number, finds, clears } of numbered(steps)) {
        // The watch sees every block, also that in which an alert is over and nothing else happens.
        await scene.pass(number - 1)
        rehearsal.join({ sighted: [], cleared: [], at: timeOf(number - 1) })
        await scene.pass(number, { finds, clears })
        const sighted = finds.map((each) => ({ finding: finding(each), sighting: null }))
        const joined = rehearsal.join({ sighted, cleared: clears.map(keyOf), at: timeOf(number) })
        for (const { alert } of joined) alerts.add(alert)
      }
      expect(plain([...alerts])).toEqual(plain(await scene.alerts()))
    } finally {
      await database.drop()
    }
  })
  await fc.assert(property, { numRuns: 20 })
})
