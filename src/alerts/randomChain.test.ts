import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  alertScene,
  passBlock,
  type SceneBlock,
  type SomeFinding,
  sampleContext,
} from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const context = sampleContext({
  inhibitions: [{ when: { monitors: ['drain'] }, mute: { monitors: ['big'] }, equal: ['contract'] }],
  routes: [
    { match: { severities: ['high', 'critical'] }, notify: ['pager', 'ops'] },
    { match: { monitors: ['big', 'quiet'] }, notify: ['ops'] },
  ],
})

const someFinding: fc.Arbitrary<SomeFinding> = fc.record({
  key: fc.integer({ min: 0, max: 12 }).map((key) => `k${key}`),
  monitor: fc.constantFrom('big', 'drain', 'patient', 'quiet'),
  severity: fc.constantFrom('low', 'high', 'critical'),
  group: fc.constantFrom('g1', 'g2', 'g3'),
})

/** One step of a chain: a block, or a reorg of so many blocks before it. */
const step = fc.record({
  finds: fc.array(someFinding, { maxLength: 4 }),
  clears: fc.array(someFinding, { maxLength: 1 }),
  reorg: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) }),
  gap: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 60 }) }),
  /** Whether the transaction ends here, and whether its first attempt was broken off. */
  commits: fc.boolean(),
  crashes: fc.boolean(),
})
type Step = { number: number; rewindTo: number | null; block: SceneBlock; commits: boolean; crashes: boolean }

function chainOf(steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Step[] {
  let head = 100
  return steps.map(({ finds, clears, reorg, gap, ...rest }, index) => {
    const rewindTo = reorg > 0 ? head - reorg : null
    head = (rewindTo ?? head) + gap
    // A finding keeps what it says wherever it is seen again, as its id follows from what it names.
    const own = finds.map((some) => ({
      ...some,
      severity: some.key.length > 2 ? ('critical' as const) : some.severity!,
    }))
    return { number: head, rewindTo, block: { finds: own, clears, fork: `${index}`, finalized: head - 20 }, ...rest }
  })
}

const crash = new Error('crash')

async function play(steps: readonly Step[], { inPieces }: { inPieces: boolean }) {
  await database.clear()
  const scene = alertScene(database.db, context)
  let piece: Step[] = []
  for (const [index, step] of steps.entries()) {
    piece.push(step)
    if (!inPieces || (!step.commits && index < steps.length - 1)) continue
    await commit(piece, step.crashes)
    piece = []
  }
  if (piece.length > 0) for (const step of piece) await commit([step], false)

  async function commit(some: readonly Step[], crashes: boolean): Promise<void> {
    const attempt = (fails: boolean) =>
      database.db.transaction(async (tx) => {
        for (const { number, rewindTo, block } of some) {
          if (rewindTo !== null) await scene.orphan(tx, rewindTo)
          await passBlock(tx, context, number, block)
        }
        if (fails) throw crash
      })
    if (crashes) await attempt(true).catch((error) => expect(error).toBe(crash))
    await attempt(false)
  }

  const messages = (await scene.messages()).map(({ createdAt: _, ...message }) => message)
  return {
    alerts: await scene.alerts(),
    findings: await scene.findings(),
    sightings: await scene.sightings(),
    messages,
  }
}

test('the same chain gives the same tables, however it is cut into transactions and whenever it crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (random) => {
      const steps = chainOf(random)
      const whole = await play(steps, { inPieces: false })
      expect(await play(steps, { inPieces: true })).toEqual(whole)

      // Whatever happens, no two alerts with one key are open, and every count is that of what stands.
      const open = whole.alerts.filter(({ state }) => state !== 'resolved')
      expect(new Set(open.map(({ key }) => key)).size).toBe(open.length)
      for (const alert of whole.alerts.filter(({ stage, recountAt }) => stage !== 'retracted' && recountAt === null)) {
        const own = whole.findings.filter(({ alertId }) => alertId === alert.id)
        const standing = own.filter(({ id }) => whole.sightings.some((seen) => seen.findingId === id && seen.canonical))
        expect(alert.findings).toBe(standing.length)
      }
      // Messages about one alert are numbered without a gap, and end where it ends.
      for (const alert of whole.alerts) {
        const own = whole.messages.filter(({ alertId }) => alertId === alert.id)
        expect(new Set(own.map(({ turn }) => turn))).toEqual(
          new Set(Array.from({ length: alert.told }, (_, turn) => turn)),
        )
        if (alert.told > 0 && alert.state === 'resolved') {
          expect(['resolved', 'retracted']).toContain(own.toSorted((a, b) => b.turn - a.turn)[0]!.kind)
        }
      }
    }),
    { numRuns: 15 },
  )
}, 120_000)
