import { describe, expect, test } from 'vitest'
import { timeOf } from '../../test/harness/alertScene.ts'
import { alertStage } from '../../test/harness/alertStage.ts'
import { createSilence } from './createSilence.ts'
import { resolveAlert } from './resolveAlert.ts'

const stage = alertStage()

const silenceUntil = (endsAt: Date, now: Date) =>
  createSilence(stage.database.db, { match: { monitors: ['big'] }, reason: 'upgrade', createdBy: 'ana', endsAt, now })

describe('a reorg', () => {
  test('that moves a transaction changes nothing but where it was seen', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.passTo(101, 102)
    await stage.scene.rewindTo(99)
    expect(await stage.scene.alert()).toMatchObject({ stage: 'provisional', recountAt: 100 })
    await stage.scene.pass(100, { fork: 'b' })
    await stage.scene.pass(101, { fork: 'b', finds: [{ key: 'a' }] })
    await stage.scene.passTo(102, 102, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'provisional', recountAt: null, blockNumber: 101 })
    await stage.scene.pass(103, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'confirmed', state: 'firing', findings: 1 })
    expect(await stage.scene.messages()).toHaveLength(1)
    expect((await stage.scene.sightings()).map(({ blockNumber, canonical }) => [blockNumber, canonical])).toEqual([
      [100, false],
      [101, true],
    ])
  })

  test('back to the same block makes the same sighting canonical again', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.passTo(101, 103)
    expect(await stage.scene.alert()).toMatchObject({ stage: 'confirmed', recountAt: null, told: 1 })
    expect(await stage.scene.sightings()).toHaveLength(1)
  })

  test('that takes everything away retracts the alert, once the chain is past it, and says so', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.passTo(101, 104)
    await stage.scene.rewindTo(99)
    await stage.scene.passTo(100, 101, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ state: 'firing' })
    await stage.scene.pass(102, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({
      state: 'resolved',
      stage: 'retracted',
      resolvedBecause: 'retracted by a reorg',
      recountAt: null,
    })
    expect(await stage.scene.told()).toEqual(['ops firing: High: a happened', 'ops retracted: Retracted: a happened'])
  })

  test('is told though the alert is muted or over by then', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    const { id } = await stage.scene.alert()
    await resolveAlert(stage.database.db, stage.scene.context, { id, by: 'ana', reason: 'planned', now: timeOf(101) })
    await silenceUntil(timeOf(500), timeOf(101))
    await stage.scene.rewindTo(99)
    await stage.scene.passTo(100, 102, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({
      state: 'resolved',
      stage: 'retracted',
      resolvedBecause: 'ana: planned',
    })
    expect(await stage.scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops resolved: Resolved: a happened',
      'ops retracted: Retracted: a happened',
    ])
  })

  test('says nothing of an alert that nobody was told of', async () => {
    await silenceUntil(timeOf(500), timeOf(99))
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.passTo(100, 110, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'retracted', told: 0, untold: 0 })
    expect(await stage.scene.messages()).toEqual([])
  })

  test('lets the alert fire again when what was retracted comes back, and nobody has it in hand any more', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }, { key: 'b' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.passTo(100, 102, { fork: 'b' })
    await stage.scene.pass(103, { fork: 'b', finds: [{ key: 'b' }] })
    expect(await stage.scene.alert()).toMatchObject({
      state: 'firing',
      stage: 'provisional',
      findings: 1,
      title: 'b happened',
      blockNumber: 103,
      acknowledgedBy: null,
      resolvedAt: null,
      resolveAt: timeOf(153),
    })
    await stage.scene.pass(104, { fork: 'b', finds: [{ key: 'a' }] })
    await stage.scene.passTo(105, 108, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ findings: 2, stage: 'confirmed' })
    expect(await stage.scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops retracted: Retracted: a happened',
      'ops firing: High: b happened',
      'ops updated: High, more: b happened',
    ])
  })

  test('lets what comes back join the alert that was opened meanwhile', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', severity: 'critical' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.passTo(100, 102, { fork: 'b' })
    await stage.scene.pass(103, { fork: 'b', finds: [{ key: 'n' }] })
    await stage.scene.pass(104, { fork: 'b', finds: [{ key: 'a', severity: 'critical' }] })
    const [old, successor] = await stage.scene.alerts()
    expect(old).toMatchObject({ stage: 'retracted' })
    expect(successor).toMatchObject({ state: 'firing', findings: 2, severity: 'critical' })
    expect((await stage.scene.findings()).map(({ alertId }) => alertId)).toEqual([successor!.id, successor!.id])
    expect((await stage.scene.told()).at(-1)).toBe('ops updated: Critical, more: a happened')
  })

  test('lets an alert that was over fire again when a finding that was lost comes back', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.pass(100, { fork: 'b', finds: [{ key: 'b' }] })
    await stage.scene.pass(101, { fork: 'b', clears: [{ key: 'a' }] })
    await stage.scene.passTo(102, 104, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ state: 'resolved', findings: 1, recountAt: null })
    await stage.scene.pass(105, { fork: 'b', finds: [{ key: 'a' }] })
    expect(await stage.scene.alert()).toMatchObject({ state: 'firing', findings: 2, title: 'a happened' })
    expect((await stage.scene.told()).at(-1)).toBe('ops firing: High: a happened')
    expect(await stage.scene.messages()).toHaveLength(3)
  })

  test('that takes the gravest finding away leaves the alert as grave as what is left, and says so', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', severity: 'low' }] })
    await stage.scene.passTo(101, 104)
    await stage.scene.pass(105, { finds: [{ key: 'b', severity: 'critical' }], finalized: 100 })
    await stage.scene.rewindTo(104)
    expect(await stage.scene.alert()).toMatchObject({ stage: 'final', recountAt: 105 })
    await stage.scene.passTo(105, 107, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({
      severity: 'low',
      title: 'a happened',
      findings: 1,
      state: 'firing',
      stage: 'final',
    })
    const last = (await stage.scene.messages()).at(-1)!.content
    expect(last).toMatchObject({ kind: 'updated', severity: 'low' })
    expect(last.sentences).toContain('A reorg took away one finding of it.')
    // It comes back after all.
    await stage.scene.pass(108, { fork: 'b', finds: [{ key: 'b', severity: 'critical' }] })
    expect(await stage.scene.alert()).toMatchObject({ severity: 'critical', findings: 2 })
    expect((await stage.scene.told()).at(-1)).toBe('ops updated: Critical, more: b happened')
  })

  test('does not count again what stands when something else of the alert comes back', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.pass(100, { fork: 'b', finds: [{ key: 'b' }] })
    await stage.scene.passTo(101, 103, { fork: 'b' })
    await stage.scene.pass(104, { fork: 'b', finds: [{ key: 'a' }, { key: 'b' }] })
    expect(await stage.scene.alert()).toMatchObject({ findings: 2 })
  })

  test('that takes the first finding away leaves an alert that began later', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(101, { finds: [{ key: 'b' }] })
    await stage.scene.rewindTo(99)
    await stage.scene.pass(100, { fork: 'b' })
    await stage.scene.pass(101, { fork: 'b', finds: [{ key: 'b' }] })
    await stage.scene.passTo(102, 103, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({
      title: 'b happened',
      blockNumber: 101,
      stage: 'confirmed',
      findings: 1,
    })
  })

  test('upon a reorg waits for the longer one', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.passTo(101, 103)
    await stage.scene.pass(104, { finds: [{ key: 'b' }] })
    await stage.scene.rewindTo(103)
    await stage.scene.rewindTo(99)
    expect(await stage.scene.alert()).toMatchObject({ recountAt: 104 })
    await stage.scene.passTo(100, 105, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ state: 'firing' })
    await stage.scene.pass(106, { fork: 'b' })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'retracted' })
  })
})

test('an end that a reorg takes away is none: the alert fires again, and people are told', async () => {
  await stage.scene.pass(10, { finds: [{ key: 'a' }] })
  await stage.scene.pass(11, { clears: [{ key: 'a' }] })
  await stage.scene.pass(12, { finds: [{ key: 'b' }] })
  await stage.scene.pass(13, { clears: [{ key: 'b' }] })
  await stage.scene.rewindTo(10)
  await stage.scene.passTo(11, 20, { fork: 'b' })
  const [first] = await stage.scene.alerts()
  expect(first).toMatchObject({ state: 'firing', resolvedBecause: null })
  expect((await stage.scene.messages()).filter(({ alertId }) => alertId === first!.id).map(({ kind }) => kind)).toEqual(
    ['firing', 'resolved', 'updated'],
  )
})
