import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { alertScene, sampleContext, timeOf, treasury } from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import type { CommonGround } from '../model/route.ts'
import { createSilence } from './createSilence.ts'
import { resolveAlert } from './resolveAlert.ts'

let database: TestDatabase
let scene: ReturnType<typeof alertScene>
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.clear()
  scene = alertScene(database.db)
})
afterAll(() => database.drop())

const silenceUntil = (endsAt: Date, now: Date) =>
  createSilence(database.db, { match: { monitors: ['big'] }, reason: 'upgrade', createdBy: 'ana', endsAt, now })

describe('the stage', () => {
  test('goes from provisional to confirmed to final as blocks pass', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    const stages = []
    for (let number = 101; number <= 105; number++) {
      await scene.pass(number, { finalized: number - 4 })
      stages.push((await scene.alert()).stage)
    }
    expect(stages).toEqual(['provisional', 'confirmed', 'confirmed', 'final', 'final'])
    expect(await scene.messages()).toHaveLength(1)
  })

  test('is that of the first finding: what joins later does not make it doubtful again', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.pass(106, { finds: [{ key: 'b' }], finalized: 101 })
    expect(await scene.alert()).toMatchObject({ stage: 'final', blockNumber: 100 })
  })
})

describe('the end', () => {
  test('comes when nothing new was found for as long as the monitor waits, in the time of the chain', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.pass(120, { finds: [{ key: 'b' }] })
    await scene.pass(150)
    expect(await scene.alert()).toMatchObject({ state: 'firing', resolveAt: timeOf(170) })
    await scene.pass(170)
    expect(await scene.alert()).toMatchObject({
      state: 'resolved',
      resolvedAt: timeOf(170),
      resolvedBecause: 'nothing new for 10 min',
      untold: 0,
    })
    expect(await scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops updated: High, more: a happened',
      'ops resolved: Resolved: a happened',
    ])
    expect((await scene.messages()).at(-1)!.content.sentences[1]).toBe(
      'It is over, after 2 findings: nothing new for 10 min.',
    )
  })

  test('comes when the detector says so, and what was not told yet stands in the last message', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.pass(101, { finds: [{ key: 'b' }] })
    await scene.pass(102, { clears: [{ key: 'a' }, { key: 'a' }, { key: 'nobody', group: 'other' }] })
    expect(await scene.alert()).toMatchObject({
      state: 'resolved',
      untold: 0,
      resolvedBecause: 'its condition does not hold any more',
    })
    expect((await scene.messages()).at(-1)!.content).toMatchObject({ kind: 'resolved', alert: { findings: 2 } })
  })

  test('never comes by itself where the monitor says so', async () => {
    await scene.pass(100, { finds: [{ key: 'a', monitor: 'patient' }] })
    await scene.pass(1_000_000)
    expect(await scene.alert()).toMatchObject({ state: 'firing' })
  })

  test('is not told where nobody heard of the beginning', async () => {
    await silenceUntil(timeOf(200), timeOf(99))
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.passTo(101, 151)
    expect(await scene.alert()).toMatchObject({ state: 'resolved', told: 0 })
    expect(await scene.messages()).toEqual([])
  })

  test('is told to those who were told, whatever mutes the alert or is routed where by then', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await silenceUntil(timeOf(500), timeOf(101))
    const rerouted = alertScene(
      database.db,
      sampleContext({
        routes: [
          { match: { severities: ['low'] }, notify: ['ops'] },
          { match: {}, notify: ['new'] },
        ],
      }),
    )
    await rerouted.passTo(102, 150)
    expect(await scene.told()).toEqual(['ops firing: High: a happened', 'ops resolved: Resolved: a happened'])
  })
})

describe('a silence', () => {
  test('keeps an alert from people until it ends, if it still fires then', async () => {
    await silenceUntil(timeOf(103), timeOf(99))
    await scene.pass(100, { finds: [{ key: 'a' }] })
    expect(await scene.alert()).toMatchObject({
      told: 0,
      toldAt: null,
      tellAt: timeOf(103),
      mutedBecause: `silenced by ana until ${timeOf(103).toISOString()}: upgrade`,
    })
    await scene.passTo(101, 102)
    expect(await scene.messages()).toEqual([])
    await scene.pass(103)
    expect(await scene.told()).toEqual(['ops firing: High: a happened'])
    expect(await scene.alert()).toMatchObject({ told: 1, mutedBecause: null, untold: 0 })
  })

  test('keeps back what makes an alert graver, and lets it be told afterwards', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await silenceUntil(timeOf(103), timeOf(100))
    await scene.pass(101, { finds: [{ key: 'b', severity: 'critical' }] })
    await scene.passTo(102, 110)
    expect(await scene.told()).toEqual(['ops firing: High: a happened', 'ops updated: Critical, more: b happened'])
  })

  test('does not make its alerts due at every block', async () => {
    await silenceUntil(timeOf(10_000), timeOf(99))
    await scene.pass(100, { finds: [{ key: 'a', monitor: 'big' }] })
    const { tellAt } = await scene.alert()
    expect(tellAt).toEqual(timeOf(400))
    await scene.pass(101, { finds: [{ key: 'b', severity: 'low' }] })
    expect(await scene.alert()).toMatchObject({ tellAt, untold: 2, told: 0 })
  })

  test('that ends over many alerts ends in a storm, told as a number', async () => {
    await silenceUntil(timeOf(102), timeOf(99))
    await scene.pass(100, {
      finds: Array.from({ length: 8 }, (_, index) => ({ key: `k${index}`, group: `g${index}` })),
    })
    await scene.passTo(101, 120)
    const told = await scene.told()
    expect(told).toHaveLength(6)
    expect(told.at(-1)).toBe('ops firing: And 3 more alerts of big in the same block')
  })
})

describe('an inhibition', () => {
  const inhibiting = (equal: CommonGround[] = ['contract', 'chain']) =>
    alertScene(
      database.db,
      sampleContext({
        inhibitions: [{ when: { severities: ['critical'] }, mute: { severities: ['high', 'medium'] }, equal }],
      }),
    )

  test('lets the gravest alert of a block speak for the others on the same contract', async () => {
    scene = inhibiting()
    await scene.pass(100, {
      finds: [
        { key: 'a', monitor: 'big' },
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'c', monitor: 'big', address: '0x9008d19f58aabd9ed0d60971565aa8510560ab41' },
      ],
    })
    expect(await scene.told()).toEqual(
      expect.arrayContaining(['ops firing: Critical: b happened', 'ops firing: High: c happened']),
    )
    expect(await scene.messages()).toHaveLength(2)
    const [muted] = (await scene.alerts()).filter(({ told }) => told === 0)
    expect(muted).toMatchObject({ title: 'a happened', mutedBecause: 'inhibited while drain fires' })
  })

  test('ends with the alert that inhibits: what still fires is told', async () => {
    scene = inhibiting()
    await scene.pass(100, { finds: [{ key: 'b', monitor: 'drain', severity: 'critical' }] })
    await scene.pass(101, { finds: [{ key: 'a' }] })
    await scene.pass(102, { clears: [{ key: 'b', monitor: 'drain' }] })
    await scene.passTo(103, 110)
    expect(await scene.told()).toEqual([
      'ops firing: Critical: b happened',
      'ops resolved: Resolved: b happened',
      'ops firing: High: a happened',
    ])
  })

  test('asks for the same transaction, and finds none where there is none', async () => {
    scene = inhibiting(['transaction'])
    await scene.pass(100, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical', transactionHash: '0xaa' },
        { key: 'a', transactionHash: '0xaa' },
        { key: 'c', group: 'c', transactionHash: '0xcc' },
        { key: 'd', group: 'd', transactionHash: null },
        { key: 'e', group: 'e', monitor: 'drain', severity: 'critical', transactionHash: null },
      ],
    })
    expect((await scene.alerts()).filter(({ told }) => told === 0).map(({ title }) => title)).toEqual(['a happened'])
  })

  test('asks for the same transaction of what made an alert graver', async () => {
    scene = inhibiting(['transaction'])
    await scene.pass(100, { finds: [{ key: 'early', severity: 'medium', transactionHash: '0xaa' }] })
    await scene.pass(101, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical', transactionHash: '0xbb' },
        { key: 'late', severity: 'high', transactionHash: '0xbb' },
      ],
    })
    expect(await scene.told()).toEqual(['ops firing: Medium: early happened', 'ops firing: Critical: b happened'])
  })

  test('asks for the same block, in which each was seen first', async () => {
    scene = inhibiting(['contract', 'block'])
    await scene.pass(100, { finds: [{ key: 'a', group: 'a', severity: 'medium', transactionHash: null }] })
    await scene.pass(101, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'c', group: 'c', transactionHash: null },
        { key: 'd', group: 'a', transactionHash: null },
        { key: 'e', group: 'e', address: treasury },
      ],
    })
    await scene.pass(102, { finds: [{ key: 'f', group: 'f' }] })
    expect((await scene.alerts()).filter(({ told }) => told === 0).map(({ title }) => title)).toEqual(['c happened'])
  })

  test('does not come from what nobody was told of: a silenced alert, or one in shadow mode', async () => {
    scene = inhibiting()
    await createSilence(database.db, {
      match: { monitors: ['drain'] },
      reason: 'noisy',
      createdBy: 'ana',
      endsAt: timeOf(500),
      now: timeOf(99),
    })
    await scene.pass(100, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'q', monitor: 'quiet', severity: 'critical' },
        { key: 'a', monitor: 'big' },
      ],
    })
    await scene.pass(101, { finds: [{ key: 'f', monitor: 'patient', severity: 'medium' }] })
    expect(await scene.told()).toEqual(['ops firing: High: a happened', 'ops firing: Medium: f happened'])
  })

  test('both ways leaves nobody silent', async () => {
    scene = alertScene(database.db, sampleContext({ inhibitions: [{ when: {}, mute: {}, equal: ['contract'] }] }))
    await scene.pass(100, { finds: [{ key: 'a' }, { key: 'b', monitor: 'drain' }] })
    expect(await scene.told()).toHaveLength(1)
  })
})

describe('a reorg', () => {
  test('that moves a transaction changes nothing but where it was seen', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.passTo(101, 102)
    await scene.rewindTo(99)
    expect(await scene.alert()).toMatchObject({ stage: 'provisional', recountAt: 100 })
    await scene.pass(100, { fork: 'b' })
    await scene.pass(101, { fork: 'b', finds: [{ key: 'a' }] })
    await scene.passTo(102, 102, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ stage: 'provisional', recountAt: null, blockNumber: 101 })
    await scene.pass(103, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ stage: 'confirmed', state: 'firing', findings: 1 })
    expect(await scene.messages()).toHaveLength(1)
    expect((await scene.sightings()).map(({ blockNumber, canonical }) => [blockNumber, canonical])).toEqual([
      [100, false],
      [101, true],
    ])
  })

  test('back to the same block makes the same sighting canonical again', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.rewindTo(99)
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.passTo(101, 103)
    expect(await scene.alert()).toMatchObject({ stage: 'confirmed', recountAt: null, told: 1 })
    expect(await scene.sightings()).toHaveLength(1)
  })

  test('that takes everything away retracts the alert, once the chain is past it, and says so', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.passTo(101, 104)
    await scene.rewindTo(99)
    await scene.passTo(100, 101, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ state: 'firing' })
    await scene.pass(102, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({
      state: 'resolved',
      stage: 'retracted',
      resolvedBecause: 'retracted by a reorg',
      recountAt: null,
    })
    expect(await scene.told()).toEqual(['ops firing: High: a happened', 'ops retracted: Retracted: a happened'])
  })

  test('is told though the alert is muted or over by then', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    const { id } = await scene.alert()
    await resolveAlert(database.db, scene.context, { id, by: 'ana', reason: 'planned', now: timeOf(101) })
    await silenceUntil(timeOf(500), timeOf(101))
    await scene.rewindTo(99)
    await scene.passTo(100, 102, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({
      state: 'resolved',
      stage: 'retracted',
      resolvedBecause: 'ana: planned',
    })
    expect(await scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops resolved: Resolved: a happened',
      'ops retracted: Retracted: a happened',
    ])
  })

  test('says nothing of an alert that nobody was told of', async () => {
    await silenceUntil(timeOf(500), timeOf(99))
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.rewindTo(99)
    await scene.passTo(100, 110, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ stage: 'retracted', told: 0, untold: 0 })
    expect(await scene.messages()).toEqual([])
  })

  test('lets the alert fire again when what was retracted comes back, and nobody has it in hand any more', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }, { key: 'b' }] })
    await scene.rewindTo(99)
    await scene.passTo(100, 102, { fork: 'b' })
    await scene.pass(103, { fork: 'b', finds: [{ key: 'b' }] })
    expect(await scene.alert()).toMatchObject({
      state: 'firing',
      stage: 'provisional',
      findings: 1,
      title: 'b happened',
      blockNumber: 103,
      acknowledgedBy: null,
      resolvedAt: null,
      resolveAt: timeOf(153),
    })
    await scene.pass(104, { fork: 'b', finds: [{ key: 'a' }] })
    await scene.passTo(105, 108, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ findings: 2, stage: 'confirmed' })
    expect(await scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops retracted: Retracted: a happened',
      'ops firing: High: b happened',
      'ops updated: High, more: b happened',
    ])
  })

  test('lets what comes back join the alert that was opened meanwhile', async () => {
    await scene.pass(100, { finds: [{ key: 'a', severity: 'critical' }] })
    await scene.rewindTo(99)
    await scene.passTo(100, 102, { fork: 'b' })
    await scene.pass(103, { fork: 'b', finds: [{ key: 'n' }] })
    await scene.pass(104, { fork: 'b', finds: [{ key: 'a', severity: 'critical' }] })
    const [old, successor] = await scene.alerts()
    expect(old).toMatchObject({ stage: 'retracted' })
    expect(successor).toMatchObject({ state: 'firing', findings: 2, severity: 'critical' })
    expect((await scene.findings()).map(({ alertId }) => alertId)).toEqual([successor!.id, successor!.id])
    expect((await scene.told()).at(-1)).toBe('ops updated: Critical, more: a happened')
  })

  test('lets an alert that was over fire again when a finding that was lost comes back', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.rewindTo(99)
    await scene.pass(100, { fork: 'b', finds: [{ key: 'b' }] })
    await scene.pass(101, { fork: 'b', clears: [{ key: 'a' }] })
    await scene.passTo(102, 104, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ state: 'resolved', findings: 1, recountAt: null })
    await scene.pass(105, { fork: 'b', finds: [{ key: 'a' }] })
    expect(await scene.alert()).toMatchObject({ state: 'firing', findings: 2, title: 'a happened' })
    expect((await scene.told()).at(-1)).toBe('ops firing: High: a happened')
    expect(await scene.messages()).toHaveLength(3)
  })

  test('that takes the gravest finding away leaves the alert as grave as what is left, and says so', async () => {
    await scene.pass(100, { finds: [{ key: 'a', severity: 'low' }] })
    await scene.passTo(101, 104)
    await scene.pass(105, { finds: [{ key: 'b', severity: 'critical' }], finalized: 100 })
    await scene.rewindTo(104)
    expect(await scene.alert()).toMatchObject({ stage: 'final', recountAt: 105 })
    await scene.passTo(105, 107, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({
      severity: 'low',
      title: 'a happened',
      findings: 1,
      state: 'firing',
      stage: 'final',
    })
    const last = (await scene.messages()).at(-1)!.content
    expect(last).toMatchObject({ kind: 'updated', severity: 'low' })
    expect(last.sentences).toContain('A reorg took away one finding of it.')
    // It comes back after all.
    await scene.pass(108, { fork: 'b', finds: [{ key: 'b', severity: 'critical' }] })
    expect(await scene.alert()).toMatchObject({ severity: 'critical', findings: 2 })
    expect((await scene.told()).at(-1)).toBe('ops updated: Critical, more: b happened')
  })

  test('does not count again what stands when something else of the alert comes back', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.rewindTo(99)
    await scene.pass(100, { fork: 'b', finds: [{ key: 'b' }] })
    await scene.passTo(101, 103, { fork: 'b' })
    await scene.pass(104, { fork: 'b', finds: [{ key: 'a' }, { key: 'b' }] })
    expect(await scene.alert()).toMatchObject({ findings: 2 })
  })

  test('that takes the first finding away leaves an alert that began later', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.pass(101, { finds: [{ key: 'b' }] })
    await scene.rewindTo(99)
    await scene.pass(100, { fork: 'b' })
    await scene.pass(101, { fork: 'b', finds: [{ key: 'b' }] })
    await scene.passTo(102, 103, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({
      title: 'b happened',
      blockNumber: 101,
      stage: 'confirmed',
      findings: 1,
    })
  })

  test('upon a reorg waits for the longer one', async () => {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.passTo(101, 103)
    await scene.pass(104, { finds: [{ key: 'b' }] })
    await scene.rewindTo(103)
    await scene.rewindTo(99)
    expect(await scene.alert()).toMatchObject({ recountAt: 104 })
    await scene.passTo(100, 105, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ state: 'firing' })
    await scene.pass(106, { fork: 'b' })
    expect(await scene.alert()).toMatchObject({ stage: 'retracted' })
  })
})

test('moves on at most 500 alerts for one reason in a block, those first that have waited longest', async () => {
  const finds = (from: number) =>
    Array.from({ length: 600 }, (_, index) => ({ key: `k${from + index}`, group: `g${from + index}` }))
  await silenceUntil(timeOf(10_000), timeOf(1))
  await scene.pass(100, { finds: finds(0) })
  await scene.pass(101, { finds: finds(600) })
  const open = async () =>
    (await scene.alerts()).filter(({ state }) => state === 'firing').map(({ firstSeenAt }) => firstSeenAt.getTime())
  await scene.pass(200)
  expect(await open()).toHaveLength(700)
  await scene.pass(201)
  const left = await open()
  expect(left).toHaveLength(200)
  expect(new Set(left)).toEqual(new Set([timeOf(101).getTime()]))
})

test('an end that a reorg takes away is none: the alert fires again, and people are told', async () => {
  await scene.pass(10, { finds: [{ key: 'a' }] })
  await scene.pass(11, { clears: [{ key: 'a' }] })
  await scene.pass(12, { finds: [{ key: 'b' }] })
  await scene.pass(13, { clears: [{ key: 'b' }] })
  await scene.rewindTo(10)
  await scene.passTo(11, 20, { fork: 'b' })
  const [first] = await scene.alerts()
  expect(first).toMatchObject({ state: 'firing', resolvedBecause: null })
  expect((await scene.messages()).filter(({ alertId }) => alertId === first!.id).map(({ kind }) => kind)).toEqual([
    'firing',
    'resolved',
    'updated',
  ])
})

test('what is told of an alert that goes on names the newest of it', async () => {
  await scene.pass(10, { finds: [{ key: 'a', title: '5 ether left vault' }] })
  await scene.pass(11, { finds: [{ key: 'b', title: '9 ether left vault' }] })
  await scene.passTo(12, 16)
  const [, update] = await scene.messages()
  expect(update).toMatchObject({ kind: 'updated', content: { title: 'High, more: 5 ether left vault' } })
  expect(update!.content.sentences).toContain('The newest: 9 ether left vault.')
})
