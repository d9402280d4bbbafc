import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { block, chain, tx } from '../../test/harness/node/block.ts'
import { numbers, reorgs, singing, singingScene, troubles } from '../../test/harness/singingScene.ts'
import { canariesFound, canary, standing } from '../../test/harness/watchScene.ts'
import { alerts, findings, sightings } from '../store/schema.ts'

const scene = singingScene()
const { start, watchOver, freshRun } = scene

describe('a reorg', () => {
  test('of any depth leaves what a watch of the new chain alone would have', async () => {
    const node = await start(singing(80))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    for (const depth of [1, 2, 3, 5, 8, 16, 33, 64]) {
      const { number } = node.chain.head()
      const parent = node.chain.byNumber(number - depth)!
      node.chain.reorg(depth, singing(depth + 1, parent, `fork of ${depth}`))
      await watch.reach(node.chain.head())
    }
    expect(reorgs(watch.notes)).toHaveLength(8)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 88))
    expect(await standing(scene.db)).toEqual(await freshRun(node))
    expect(troubles(watch.notes)).toEqual([])
  })

  test('moves a transaction to another block, and its finding keeps its identity', async () => {
    const base = singing(5)
    const parent = base[4]!
    const [moved, lost] = [canary(6), canary(66)]
    const node = await start([...base, block({ parent, transactions: [moved, lost] })])
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const empty = block({ parent, salt: 'other' })
    const later = block({ parent: empty, transactions: [tx(), canary(7), moved] })
    node.chain.reorg(1, [empty, later])
    await watch.reach(later)
    const seen = await scene.db
      .select({ hash: findings.transactionHash, block: sightings.blockNumber, canonical: sightings.canonical })
      .from(findings)
      .innerJoin(sightings, eq(sightings.findingId, findings.id))
      .orderBy(sightings.blockNumber)
    expect(seen.filter(({ hash }) => hash === moved.hash)).toEqual([
      { hash: moved.hash, block: 6, canonical: false },
      { hash: moved.hash, block: 7, canonical: true },
    ])
    expect(seen.filter(({ hash }) => hash === lost.hash)).toEqual([{ hash: lost.hash, block: 6, canonical: false }])
    expect(await standing(scene.db)).toEqual(await freshRun(node))
  })

  test('to a shorter chain is followed once the other chain shows itself', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const parent = node.chain.byNumber(10)!
    node.chain.reorg(10, singing(3, parent, 'short'))
    await watch.reach(node.chain.head())
    expect(watch.status().cursor?.blockNumber).toBe(13)
    expect(await standing(scene.db)).toEqual(await freshRun(node))
  })

  test('is followed after a restart', async () => {
    const node = await start(singing(20))
    const first = watchOver([node.url])
    await first.reach(node.chain.head())
    await first.stop()
    node.chain.reorg(7, singing(9, node.chain.byNumber(13)!, 'while away'))
    const second = watchOver([node.url])
    await second.reach(node.chain.head())
    expect(await standing(scene.db)).toEqual(await freshRun(node))
  })

  test('costs few questions, however deep', async () => {
    const node = await start(singing(120))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    await watch.stop()
    node.chain.reorg(100, singing(101, node.chain.byNumber(20)!, 'deep'))
    node.requests.reset()
    const next = watchOver([node.url])
    await next.until(() => reorgs(next.notes).length === 1)
    const headers = node.requests.list.filter(
      ({ method, params: [which, whole] }) => method === 'eth_getBlockByNumber' && !whole && which !== 'latest',
    )
    expect(headers.length).toBeLessThan(20)
    await next.reach(node.chain.head())
  })

  test('that leaves no block that we know is a conflict, and nothing is forgotten', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    await watch.stop()
    const before = await standing(scene.db)
    const other = await start(singing(25, undefined, 'another chain'))
    const lost = watchOver([other.url])
    await lost.until(() => troubles(lost.notes).length > 1)
    expect(lost.notes[0]).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('None of the') },
    })
    await lost.stop()
    expect(await standing(scene.db)).toEqual(before)
  })
})

test('alerts of the watch are confirmed, and retracted where a reorg took their findings for good', async () => {
  const base = singing(5)
  const node = await start([...base, block({ parent: base[4]!, transactions: [canary(1000)] })])
  node.chain.finalize(0)
  const watch = watchOver([node.url])
  await watch.reach(node.chain.head())
  node.chain.reorg(
    1,
    chain(8, () => [], { parent: base[4]!, number: 6, salt: 'without' }),
  )
  await watch.reach(node.chain.head())
  const rows = await scene.db
    .select({ stage: alerts.stage, findings: alerts.findings })
    .from(alerts)
    .orderBy(alerts.blockNumber)
  expect(rows).toEqual([
    { stage: 'confirmed', findings: 5 },
    { stage: 'retracted', findings: 1 },
  ])
})
