import { describe, expect, test } from 'vitest'
import { alertScene, sampleContext, timeOf } from '../../test/harness/alertScene.ts'
import { alertStage } from '../../test/harness/alertStage.ts'
import { createSilence } from './createSilence.ts'

const stage = alertStage()

const silenceUntil = (endsAt: Date, now: Date) =>
  createSilence(stage.database.db, { match: { monitors: ['big'] }, reason: 'upgrade', createdBy: 'ana', endsAt, now })

describe('the stage', () => {
  test('goes from provisional to confirmed to final as blocks pass', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    const stages = []
    for (let number = 101; number <= 105; number++) {
      await stage.scene.pass(number, { finalized: number - 4 })
      stages.push((await stage.scene.alert()).stage)
    }
    expect(stages).toEqual(['provisional', 'confirmed', 'confirmed', 'final', 'final'])
    expect(await stage.scene.messages()).toHaveLength(1)
  })

  test('is that of the first finding: what joins later does not make it doubtful again', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(106, { finds: [{ key: 'b' }], finalized: 101 })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'final', blockNumber: 100 })
  })
})

describe('the end', () => {
  test('comes when nothing new was found for as long as the monitor waits, in the time of the chain', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(120, { finds: [{ key: 'b' }] })
    await stage.scene.pass(150)
    expect(await stage.scene.alert()).toMatchObject({ state: 'firing', resolveAt: timeOf(170) })
    await stage.scene.pass(170)
    expect(await stage.scene.alert()).toMatchObject({
      state: 'resolved',
      resolvedAt: timeOf(170),
      resolvedBecause: 'nothing new for 10 min',
      untold: 0,
    })
    expect(await stage.scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops updated: High, more: a happened',
      'ops resolved: Resolved: a happened',
    ])
    expect((await stage.scene.messages()).at(-1)!.content.sentences[1]).toBe(
      'It is over, after 2 findings: nothing new for 10 min.',
    )
  })

  test('comes when the detector says so, and what was not told yet stands in the last message', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(101, { finds: [{ key: 'b' }] })
    await stage.scene.pass(102, { clears: [{ key: 'a' }, { key: 'a' }, { key: 'nobody', group: 'other' }] })
    expect(await stage.scene.alert()).toMatchObject({
      state: 'resolved',
      untold: 0,
      resolvedBecause: 'its condition does not hold any more',
    })
    expect((await stage.scene.messages()).at(-1)!.content).toMatchObject({ kind: 'resolved', alert: { findings: 2 } })
  })

  test('never comes by itself where the monitor says so', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', monitor: 'patient' }] })
    await stage.scene.pass(1_000_000)
    expect(await stage.scene.alert()).toMatchObject({ state: 'firing' })
  })

  test('is not told where nobody heard of the beginning', async () => {
    await silenceUntil(timeOf(200), timeOf(99))
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.passTo(101, 151)
    expect(await stage.scene.alert()).toMatchObject({ state: 'resolved', told: 0 })
    expect(await stage.scene.messages()).toEqual([])
  })

  test('is told to those who were told, whatever mutes the alert or is routed where by then', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await silenceUntil(timeOf(500), timeOf(101))
    const rerouted = alertScene(
      stage.database.db,
      sampleContext({
        routes: [
          { match: { severities: ['low'] }, notify: ['ops'] },
          { match: {}, notify: ['new'] },
        ],
      }),
    )
    await rerouted.passTo(102, 150)
    expect(await stage.scene.told()).toEqual(['ops firing: High: a happened', 'ops resolved: Resolved: a happened'])
  })
})

describe('a silence', () => {
  test('keeps an alert from people until it ends, if it still fires then', async () => {
    await silenceUntil(timeOf(103), timeOf(99))
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    expect(await stage.scene.alert()).toMatchObject({
      told: 0,
      toldAt: null,
      tellAt: timeOf(103),
      mutedBecause: `silenced by ana until ${timeOf(103).toISOString()}: upgrade`,
    })
    await stage.scene.passTo(101, 102)
    expect(await stage.scene.messages()).toEqual([])
    await stage.scene.pass(103)
    expect(await stage.scene.told()).toEqual(['ops firing: High: a happened'])
    expect(await stage.scene.alert()).toMatchObject({ told: 1, mutedBecause: null, untold: 0 })
  })

  test('keeps back what makes an alert graver, and lets it be told afterwards', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await silenceUntil(timeOf(103), timeOf(100))
    await stage.scene.pass(101, { finds: [{ key: 'b', severity: 'critical' }] })
    await stage.scene.passTo(102, 110)
    expect(await stage.scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops updated: Critical, more: b happened',
    ])
  })

  test('does not make its alerts due at every block', async () => {
    await silenceUntil(timeOf(10_000), timeOf(99))
    await stage.scene.pass(100, { finds: [{ key: 'a', monitor: 'big' }] })
    const { tellAt } = await stage.scene.alert()
    expect(tellAt).toEqual(timeOf(400))
    await stage.scene.pass(101, { finds: [{ key: 'b', severity: 'low' }] })
    expect(await stage.scene.alert()).toMatchObject({ tellAt, untold: 2, told: 0 })
  })

  test('that ends over many alerts ends in a storm, told as a number', async () => {
    await silenceUntil(timeOf(102), timeOf(99))
    await stage.scene.pass(100, {
      finds: Array.from({ length: 8 }, (_, index) => ({ key: `k${index}`, group: `g${index}` })),
    })
    await stage.scene.passTo(101, 120)
    const told = await stage.scene.told()
    expect(told).toHaveLength(6)
    expect(told.at(-1)).toBe('ops firing: And 3 more alerts of big in the same block')
  })
})

test('moves on at most 500 alerts for one reason in a block, those first that have waited longest', async () => {
  const finds = (from: number) =>
    Array.from({ length: 600 }, (_, index) => ({ key: `k${from + index}`, group: `g${from + index}` }))
  await silenceUntil(timeOf(10_000), timeOf(1))
  await stage.scene.pass(100, { finds: finds(0) })
  await stage.scene.pass(101, { finds: finds(600) })
  const open = async () =>
    (await stage.scene.alerts())
      .filter(({ state }) => state === 'firing')
      .map(({ firstSeenAt }) => firstSeenAt.getTime())
  await stage.scene.pass(200)
  expect(await open()).toHaveLength(700)
  await stage.scene.pass(201)
  const left = await open()
  expect(left).toHaveLength(200)
  expect(new Set(left)).toEqual(new Set([timeOf(101).getTime()]))
})

test('what is told of an alert that goes on names the newest of it', async () => {
  await stage.scene.pass(10, { finds: [{ key: 'a', title: '5 ether left vault' }] })
  await stage.scene.pass(11, { finds: [{ key: 'b', title: '9 ether left vault' }] })
  await stage.scene.passTo(12, 16)
  const [, update] = await stage.scene.messages()
  expect(update).toMatchObject({ kind: 'updated', content: { title: 'High, more: 5 ether left vault' } })
  expect(update!.content.sentences).toContain('The newest: 9 ether left vault.')
})
