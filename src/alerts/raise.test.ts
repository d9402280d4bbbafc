import { drizzle } from 'drizzle-orm/node-postgres'
import { describe, expect, test } from 'vitest'
import { alertScene, finding, sampleContext, timeOf, treasury, vault } from '../../test/harness/alertScene.ts'
import { alertStage } from '../../test/harness/alertStage.ts'
import { createTestDatabase } from '../../test/harness/database.ts'
import * as schema from '../store/schema.ts'
import { acknowledgeAlert } from './acknowledgeAlert.ts'
import { raise } from './raise.ts'

const stage = alertStage()

describe('grouping', () => {
  test('opens an alert for the first finding with a key, and says at once what happened', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', facts: { amount: '12', receiver: '0xab' } }] })
    expect(await stage.scene.alert()).toMatchObject({
      state: 'firing',
      stage: 'provisional',
      severity: 'high',
      title: 'a happened',
      findings: 1,
      blockNumber: 100,
      firstSeenAt: timeOf(100),
      told: 1,
      untold: 0,
      mutedBecause: null,
    })
    const [message] = await stage.scene.messages()
    expect(message!.content).toMatchInlineSnapshot(`
      {
        "advice": "Pause the vault.",
        "alert": {
          "blockNumber": 100,
          "chain": {
            "id": 1,
            "name": "mainnet",
          },
          "contract": {
            "address": "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a",
            "name": "vault",
          },
          "detector": "expression",
          "findings": 1,
          "id": "8491d864d6648de3f5127e552c4e6b17",
          "key": "56c7c615642d367c8a68639def5f5531",
          "monitor": "big",
          "stage": "provisional",
          "state": "firing",
          "transactionHash": "0x0eb5b8d6f81bc677da8a08567cc4fa9a",
        },
        "at": "2026-08-01T12:20:00.000Z",
        "facts": [
          {
            "name": "amount",
            "value": "12",
          },
          {
            "name": "receiver",
            "value": "0xab",
          },
        ],
        "id": "bb3aa8484136910d0013083455784499",
        "kind": "firing",
        "links": [
          {
            "title": "Open in the console",
            "url": "http://localhost:8080/alerts/8491d864d6648de3f5127e552c4e6b17",
          },
          {
            "title": "Transaction",
            "url": "https://etherscan.io/tx/0x0eb5b8d6f81bc677da8a08567cc4fa9a",
          },
          {
            "title": "Contract",
            "url": "https://etherscan.io/address/0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a",
          },
        ],
        "sentences": [
          "a happened.",
          "Seen on mainnet at vault, in block 100 of 2026-08-01 12:20:00 UTC, by monitor big.",
          "It stands in one of the newest blocks and may still vanish in a reorg; then you will be told.",
        ],
        "severity": "high",
        "title": "High: a happened",
      }
    `)
  })

  test('lets findings with one key join one alert, and keeps others apart', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }, { key: 'b' }, { key: 'c', address: treasury }] })
    await stage.scene.pass(101, { finds: [{ key: 'd' }, { key: 'a', monitor: 'drain' }] })
    const rows = await stage.scene.alerts()
    expect(rows.map(({ monitor, address, findings }) => [monitor, address, findings]).toSorted()).toEqual(
      [
        ['big', vault, 3],
        ['big', treasury, 1],
        ['drain', vault, 1],
      ].toSorted(),
    )
  })

  test('takes severity, title and facts from the gravest finding of a block', async () => {
    await stage.scene.pass(100, {
      finds: [
        { key: 'a', severity: 'low' },
        { key: 'b', severity: 'critical' },
        { key: 'c', severity: 'critical' },
      ],
    })
    expect(await stage.scene.alert()).toMatchObject({
      severity: 'critical',
      title: 'b happened',
      transactionHash: finding({ key: 'b' }).transactionHash,
    })
    expect((await stage.scene.messages())[0]!.content.facts).toEqual([{ name: 'key', value: 'b' }])
  })

  test('takes the transaction, too, from what made it graver', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a', severity: 'low' }] })
    await stage.scene.pass(101, { finds: [{ key: 'b', severity: 'low' }] })
    const linksOf = async () => (await stage.scene.messages()).map(({ content }) => content.links[1]?.url.slice(-34))
    expect(await stage.scene.alert()).toMatchObject({ transactionHash: finding({ key: 'a' }).transactionHash })
    await stage.scene.pass(102, { finds: [{ key: 'c', severity: 'critical' }] })
    const graver = finding({ key: 'c' }).transactionHash
    expect(await stage.scene.alert()).toMatchObject({ title: 'c happened', transactionHash: graver })
    expect(await linksOf()).toEqual([finding({ key: 'a' }).transactionHash, graver])
  })

  test('opens a new alert when the last one with the key is over', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }] })
    await stage.scene.pass(101, { clears: [{ key: 'a' }] })
    await stage.scene.pass(102, { finds: [{ key: 'b' }] })
    expect((await stage.scene.alerts()).map(({ state, findings }) => [state, findings])).toEqual([
      ['resolved', 1],
      ['firing', 1],
    ])
  })

  test('makes nothing of a finding that it knows, in the same block or a later one', async () => {
    await stage.scene.pass(100, { finds: [{ key: 'a' }, { key: 'a' }] })
    const before = await stage.scene.alert()
    await stage.scene.pass(101, { finds: [{ key: 'a' }] })
    expect(await stage.scene.alert()).toEqual(before)
    expect(await stage.scene.findings()).toHaveLength(1)
    expect(await stage.scene.messages()).toHaveLength(1)
  })

  test('gives the same rows and message ids in two databases', async () => {
    const other = await createTestDatabase()
    try {
      const twin = alertScene(other.db)
      for (const { pass } of [stage.scene, twin]) {
        await pass(100, { finds: [{ key: 'a' }, { key: 'b', severity: 'critical' }, { key: 'c', address: treasury }] })
        await pass(101, { finds: [{ key: 'd', severity: 'low' }] })
        await pass(110, { finds: [{ key: 'e' }], clears: [{ key: 'c', address: treasury }] })
      }
      const strip = (rows: Awaited<ReturnType<typeof stage.scene.messages>>) =>
        rows.map(({ createdAt: _, ...row }) => row)
      expect(strip(await twin.messages())).toEqual(strip(await stage.scene.messages()))
      expect(await twin.alerts()).toEqual(await stage.scene.alerts())
      expect(await twin.findings()).toEqual(await stage.scene.findings())
      expect(await stage.scene.messages()).not.toHaveLength(0)
    } finally {
      await other.drop()
    }
  })

  test('takes a block with more findings and alerts than one statement takes parameters', async () => {
    const finds = Array.from({ length: 7000 }, (_, index) => ({ key: `k${index}`, group: `g${index % 3500}` }))
    await stage.scene.pass(100, { finds })
    expect(await stage.scene.alerts()).toHaveLength(3500)
    expect(await stage.scene.findings()).toHaveLength(7000)
    expect(await stage.scene.messages()).toHaveLength(6)
  })
})

describe('what is about ourselves', () => {
  const own = {
    ...finding({ key: 'rpc', monitor: 'tocsin', severity: 'critical', transactionHash: null }),
    detector: 'tocsin',
  }
  const raiseOwn = (now: Date) =>
    stage.database.db.transaction((tx) =>
      raise(tx, stage.scene.context, { sighted: [{ finding: own, sighting: null }], cleared: [], at: now, now }),
    )

  test('is final at once, and ends when it is cleared', async () => {
    await raiseOwn(timeOf(1))
    expect(await stage.scene.alert()).toMatchObject({ stage: 'final', blockNumber: null, resolveAt: null, told: 1 })
    await stage.scene.passTo(2, 200, { finalized: 190 })
    expect(await stage.scene.alert()).toMatchObject({ stage: 'final', state: 'firing' })
    await stage.database.db.transaction((tx) =>
      raise(tx, stage.scene.context, { sighted: [], cleared: [own.alertKey], at: timeOf(300), now: timeOf(300) }),
    )
    expect(await stage.scene.alert()).toMatchObject({ state: 'resolved', resolvedAt: timeOf(300) })
    const [first, last] = await stage.scene.messages()
    expect(first!.content.sentences).toEqual(['rpc happened.', 'Noticed by monitor tocsin on mainnet.'])
    expect(last!.content.sentences).toContain('It is over, after one finding: its condition does not hold any more.')
  })
})

test('keeps an acknowledgement when more joins', async () => {
  await stage.scene.pass(100, { finds: [{ key: 'a' }] })
  const { id } = await stage.scene.alert()
  await acknowledgeAlert(stage.database.db, stage.scene.context, { id, by: 'ana', now: timeOf(101) })
  await stage.scene.pass(102, { finds: [{ key: 'b', severity: 'critical' }] })
  expect(await stage.scene.alert()).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'ana',
    findings: 2,
    severity: 'critical',
  })
  expect(await stage.scene.told()).toEqual([
    'ops firing: High: a happened',
    'ops acknowledged: Acknowledged: a happened',
    'ops updated: Critical, more: b happened',
  ])
})

test('takes as many statements for twenty alerts as for one', async () => {
  const statements: string[] = []
  const db = drizzle(stage.database.pool, { schema, logger: { logQuery: (text) => statements.push(text) } })
  const counted = alertScene(db, sampleContext())
  const counts = []
  for (const many of [1, 20]) {
    const finds = (start: number) =>
      Array.from({ length: many }, (_, place) => ({ key: `${many} ${start} ${place}`, group: `${many} ${place}` }))
    await counted.pass(many * 100, { finds: finds(0) })
    await counted.pass(many * 100 + 1, { finds: finds(1) })
    statements.length = 0
    // By now they are confirmed, and it is time to tell what has joined them.
    await counted.pass(many * 100 + 20, { finds: finds(2) })
    counts.push(statements.length)
  }
  expect(counts).toEqual([counts[0], counts[0]])
})
