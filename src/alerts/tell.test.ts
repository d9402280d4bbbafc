import { describe, expect, test } from 'vitest'
import { alertScene, sampleContext, timeOf, treasury } from '../../test/harness/alertScene.ts'
import { alertStage } from '../../test/harness/alertStage.ts'

const stage = alertStage()

describe('telling', () => {
  test('tells at once when an alert becomes graver', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(101, { finds: [{ key: 'b', severity: 'critical' }] })
    expect(await stage.scene.told()).toEqual([
      'ops firing: High: a happened',
      'ops updated: Critical, more: b happened',
    ])
    expect(await stage.scene.alert()).toMatchObject({ severity: 'critical', untold: 0, told: 2 })
  })

  test('tells what joins together, at most as often as the config says in the time of the chain', async () => {
    await stage.scene.passTo(100, 110, undefined)
    for (let number = 100; number <= 112; number++) await stage.scene.pass(number, { finds: [{ key: `k${number}` }] })
    const rows = await stage.scene.messages()
    expect(rows.map(({ content, dueAt }) => [content.kind, dueAt, content.alert!.findings])).toEqual([
      ['firing', timeOf(100), 1],
      ['updated', timeOf(105), 6],
      ['updated', timeOf(110), 11],
    ])
    expect(rows[1]!.content.facts).toEqual([{ name: 'key', value: 'k105' }])
    await stage.scene.passTo(113, 130)
    expect(
      (await stage.scene.messages()).slice(3).map(({ content, dueAt }) => [content.alert!.findings, dueAt]),
    ).toEqual([[13, timeOf(115)]])
  })

  test('tells every channel of every route that matches, once', async () => {
    stage.scene = alertScene(
      stage.database.db,
      sampleContext({
        routes: [
          { match: { severities: ['critical'] }, notify: ['pager', 'ops'] },
          { match: { contracts: ['vault'] }, notify: ['ops', 'mail'] },
          { match: { monitors: ['drain'], chains: ['mainnet'], detectors: ['expression'] }, notify: ['mail'] },
          { match: { chains: ['base'] }, notify: ['nobody'] },
        ],
      }),
    )
    await stage.scene.pass(100, { finds: [{ key: 'a', monitor: 'drain', severity: 'critical' }] })
    await stage.scene.pass(101, { finds: [{ key: 'b', monitor: 'drain', address: treasury, severity: 'low' }] })
    expect((await stage.scene.told()).toSorted()).toEqual([
      'mail firing: Critical: a happened',
      'mail firing: Low: b happened',
      'ops firing: Critical: a happened',
      'pager firing: Critical: a happened',
    ])
  })

  test('notes where no route leads to anybody, and tells when one does', async () => {
    stage.scene = alertScene(
      stage.database.db,
      sampleContext({ routes: [{ match: { severities: ['critical'] }, notify: ['ops'] }] }),
    )
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    expect(await stage.scene.alert()).toMatchObject({ told: 0, untold: 1, mutedBecause: 'no route leads to anybody' })
    const mended = alertScene(stage.database.db)
    await mended.passTo(101, 105)
    expect(await mended.told()).toEqual(['ops firing: High: a happened'])
    expect(await mended.alert()).toMatchObject({ told: 1, untold: 0, mutedBecause: null })
  })

  test('tells nobody of what runs in shadow mode, and tries no more', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', monitor: 'quiet' }] })
    await stage.scene.passTo(101, 110)
    expect(await stage.scene.alert()).toMatchObject({
      told: 0,
      untold: 0,
      mutedBecause: 'quiet runs in shadow mode',
      findings: 1,
    })
    expect(await stage.scene.messages()).toEqual([])
  })

  test('tells five alerts of a monitor one by one, the gravest, and of the rest how many', async () => {
    const finds = Array.from({ length: 17 }, (_, index) => ({
      key: `k${index}`,
      group: `g${index}`,
      severity: index < 12 ? ('medium' as const) : ('high' as const),
    }))
    await stage.scene.pass(100, { finds: [...finds, { key: 'x', monitor: 'drain' }] })
    expect((await stage.scene.told()).toSorted()).toEqual([
      'ops firing: And 12 more alerts of big in the same block',
      ...[12, 13, 14, 15, 16].map((index) => `ops firing: High: k${index} happened`),
      'ops firing: High: x happened',
    ])
    const kept = (await stage.scene.alerts()).filter(({ told }) => told === 0)
    expect(new Set(kept.map(({ mutedBecause }) => mutedBecause))).toEqual(
      new Set(['more than 5 alerts of big in one block: told as a number']),
    )
    // The number comes last, and what goes on about one of the rest is told one by one.
    expect((await stage.scene.messages()).at(-1)!.content).toMatchObject({
      title: 'And 12 more alerts of big in the same block',
      severity: 'medium',
    })
    await stage.scene.pass(101, { finds: [{ key: 'again', group: 'g3', severity: 'critical' }] })
    expect((await stage.scene.told()).at(-1)).toBe('ops firing: Critical: again happened')
  })

  test('counts a storm for each channel by itself, so that no channel hears of it through another', async () => {
    stage.scene = alertScene(
      stage.database.db,
      sampleContext({
        routes: [
          { match: { contracts: ['vault'] }, notify: ['ops'] },
          { match: { contracts: ['treasury'] }, notify: ['dao'] },
        ],
      }),
    )
    const many = Array.from({ length: 8 }, (_, index) => ({ key: `k${index}`, group: `g${index}` }))
    await stage.scene.pass(100, {
      finds: [...many, { key: 't', group: 't', address: treasury, severity: 'low' as const }],
    })
    expect((await stage.scene.told()).filter((text) => text.startsWith('dao'))).toEqual(['dao firing: Low: t happened'])
    expect((await stage.scene.told()).filter((text) => text.startsWith('ops'))).toHaveLength(6)
  })
})
