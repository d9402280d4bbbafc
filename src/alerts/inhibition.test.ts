import { describe, expect, test } from 'vitest'
import { alertScene, sampleContext, timeOf, treasury } from '../../test/harness/alertScene.ts'
import { alertStage } from '../../test/harness/alertStage.ts'
import type { CommonGround } from '../model/route.ts'
import { createSilence } from './createSilence.ts'

const stage = alertStage()

describe('an inhibition', () => {
  const inhibiting = (equal: CommonGround[] = ['contract', 'chain']) =>
    alertScene(
      stage.database.db,
      sampleContext({
        inhibitions: [{ when: { severities: ['critical'] }, mute: { severities: ['high', 'medium'] }, equal }],
      }),
    )

  test('lets the gravest alert of a block speak for the others on the same contract', async () => {
    stage.scene = inhibiting()
    await stage.scene.pass(100, {
      finds: [
        { key: 'a', monitor: 'big' },
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'c', monitor: 'big', address: '0x9008d19f58aabd9ed0d60971565aa8510560ab41' },
      ],
    })
    expect(await stage.scene.told()).toEqual(
      expect.arrayContaining(['ops firing: Critical: b happened', 'ops firing: High: c happened']),
    )
    expect(await stage.scene.messages()).toHaveLength(2)
    const [muted] = (await stage.scene.alerts()).filter(({ told }) => told === 0)
    expect(muted).toMatchObject({ title: 'a happened', mutedBecause: 'inhibited while drain fires' })
  })

  test('ends with the alert that inhibits: what still fires is told', async () => {
    stage.scene = inhibiting()
    await stage.scene.pass(100, { finds: [{ key: 'b', monitor: 'drain', severity: 'critical' }] })
    await stage.scene.pass(101, { finds: [{ key: 'a' }] })
    await stage.scene.pass(102, { clears: [{ key: 'b', monitor: 'drain' }] })
    await stage.scene.passTo(103, 110)
    expect(await stage.scene.told()).toEqual([
      'ops firing: Critical: b happened',
      'ops resolved: Resolved: b happened',
      'ops firing: High: a happened',
    ])
  })

  test('asks for the same transaction, and finds none where there is none', async () => {
    stage.scene = inhibiting(['transaction'])
    await stage.scene.pass(100, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical', transactionHash: '0xaa' },
        { key: 'a', transactionHash: '0xaa' },
        { key: 'c', group: 'c', transactionHash: '0xcc' },
        { key: 'd', group: 'd', transactionHash: null },
        { key: 'e', group: 'e', monitor: 'drain', severity: 'critical', transactionHash: null },
      ],
    })
    expect((await stage.scene.alerts()).filter(({ told }) => told === 0).map(({ title }) => title)).toEqual([
      'a happened',
    ])
  })

  test('asks for the same transaction of what made an alert graver', async () => {
    stage.scene = inhibiting(['transaction'])
    await stage.scene.pass(100, { finds: [{ key: 'early', severity: 'medium', transactionHash: '0xaa' }] })
    await stage.scene.pass(101, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical', transactionHash: '0xbb' },
        { key: 'late', severity: 'high', transactionHash: '0xbb' },
      ],
    })
    expect(await stage.scene.told()).toEqual(['ops firing: Medium: early happened', 'ops firing: Critical: b happened'])
  })

  test('asks for the same block, in which each was seen first', async () => {
    stage.scene = inhibiting(['contract', 'block'])
    await stage.scene.pass(100, { finds: [{ key: 'a', group: 'a', severity: 'medium', transactionHash: null }] })
    await stage.scene.pass(101, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'c', group: 'c', transactionHash: null },
        { key: 'd', group: 'a', transactionHash: null },
        { key: 'e', group: 'e', address: treasury },
      ],
    })
    await stage.scene.pass(102, { finds: [{ key: 'f', group: 'f' }] })
    expect((await stage.scene.alerts()).filter(({ told }) => told === 0).map(({ title }) => title)).toEqual([
      'c happened',
    ])
  })

  test('does not come from what nobody was told of: a silenced alert, or one in shadow mode', async () => {
    stage.scene = inhibiting()
    await createSilence(stage.database.db, {
      match: { monitors: ['drain'] },
      reason: 'noisy',
      createdBy: 'ana',
      endsAt: timeOf(500),
      now: timeOf(99),
    })
    await stage.scene.pass(100, {
      finds: [
        { key: 'b', monitor: 'drain', severity: 'critical' },
        { key: 'q', monitor: 'quiet', severity: 'critical' },
        { key: 'a', monitor: 'big' },
      ],
    })
    await stage.scene.pass(101, { finds: [{ key: 'f', monitor: 'patient', severity: 'medium' }] })
    expect(await stage.scene.told()).toEqual(['ops firing: High: a happened', 'ops firing: Medium: f happened'])
  })

  test('both ways leaves nobody silent', async () => {
    stage.scene = alertScene(
      stage.database.db,
      sampleContext({ inhibitions: [{ when: {}, mute: {}, equal: ['contract'] }] }),
    )
    await stage.scene.pass(100, { finds: [{ key: 'a' }, { key: 'b', monitor: 'drain' }] })
    expect(await stage.scene.told()).toHaveLength(1)
  })
})
