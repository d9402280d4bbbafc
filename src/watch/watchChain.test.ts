import { describe, expect, test } from 'vitest'
import { block, tx } from '../../test/harness/node/block.ts'
import { numbers, reorgs, singing, singingScene, troubles } from '../../test/harness/singingScene.ts'
import { canariesFound, canary, raiseVerb, standing } from '../../test/harness/watchScene.ts'
import { alerts } from '../store/schema.ts'

const scene = singingScene()
const { start, watchOver, freshRun } = scene

describe('the watch', () => {
  test('judges each block once, also those that came while it was away', async () => {
    const blocks = singing(520)
    const node = await start(blocks)
    node.chain.setHead(10)
    const first = watchOver([node.url])
    await first.reach(blocks[9]!)
    node.chain.setHead(20)
    await first.reach(blocks[19]!)
    await first.stop()
    node.chain.setHead(520)
    const second = watchOver([node.url])
    await second.reach(blocks[519]!)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 520))
    expect(second.notes.filter(({ kind }) => kind === 'committed')).toHaveLength(500)
    expect(troubles([...first.notes, ...second.notes])).toEqual([])
    const { memory } = await standing(scene.db)
    expect(memory.find(({ key }) => key === 'sum')?.value).toBe('520')
    expect(memory.find(({ key }) => key === 'count')?.value).toBe('520')
  })

  test('begins at the newest block where it is told so', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url], { chain: { startAt: 'latest' } })
    await watch.reach(node.chain.head())
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(await canariesFound(scene.db)).toEqual([20, 21])
  })

  test('says where it stands', async () => {
    const node = await start(singing(100))
    node.chain.finalize(40)
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    expect(watch.status()).toMatchObject({ head: 100, finalized: 40, cursor: { blockNumber: 100 }, blind: null })
  })

  test('that is told of the next block asks for just that one', async () => {
    const node = await start(singing(3))
    const watch = watchOver([node.wsUrl], { chain: { pollMs: 60_000 } })
    await watch.reach(node.chain.head())
    await expect.poll(() => node.requests.byMethod.eth_subscribe).toBe(1)
    const asked = node.requests.list.length
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(node.requests.list.slice(asked).map(({ method, params }) => [method, params[0]])).toEqual([
      ['eth_getBlockByNumber', '0x4'],
      ['eth_getBlockReceipts', node.chain.head().hash],
    ])
    expect([watch.status().head, watch.providers()[0]?.head]).toEqual([4, 4])
  })

  test('forgets how to undo what is final and old, and nothing else', async () => {
    const blocks = singing(300)
    const node = await start(blocks)
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const { blocks: kept, undo } = await standing(scene.db)
    expect(kept[0]?.number).toBe(288 - 128)
    expect(undo[0]?.blockNumber).toBe(288 - 128)
    expect(kept.at(-1)?.number).toBe(300)
  })
})

describe('a provider that is behind', () => {
  test('is no reorg: nothing is taken back, nothing judged twice', async () => {
    const blocks = singing(20)
    const node = await start(blocks)
    const watch = watchOver([node.url])
    await watch.reach(blocks[19]!)
    node.faults.add({ kind: 'staleHead', by: 5 })
    node.chain.extend(...singing(3, blocks[19]!))
    await watch.reach(node.chain.head())
    node.chain.setHead(15)
    const { eth_getBlockByNumber: asked = 0 } = node.requests.byMethod
    await watch.until(() => true)
    while ((node.requests.byMethod.eth_getBlockByNumber ?? 0) < asked + 4) await new Promise(setImmediate)
    expect(watch.status().cursor?.blockNumber).toBe(23)
    node.chain.setHead(23)
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(reorgs(watch.notes)).toEqual([])
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 24))
  })

  test('and stays behind is left for another one', async () => {
    const blocks = singing(30)
    const [stuck, fresh] = [await start(blocks), await start(blocks)]
    stuck.chain.setHead(10)
    const watch = watchOver([stuck.url, fresh.url], { chain: { staleAfterMs: 50 } })
    await watch.reach(blocks[29]!)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 30))
  })

  test('and comes nearer without ever reaching us is not taken for seeing the chain', async () => {
    const blocks = singing(30)
    const node = await start(blocks)
    const watch = watchOver([node.url], { chain: { staleAfterMs: 50 } })
    await watch.reach(blocks[29]!)
    for (let answered = 0; watch.status().blind === null; await new Promise(setImmediate)) {
      const { eth_getBlockByNumber: asked = 0 } = node.requests.byMethod
      if (asked > answered) node.chain.setHead(5 + (asked % 20))
      answered = asked
    }
    expect(watch.status().blind?.reason).toContain('stands still: nothing after block 30')
  })

  test('of the first block to be watched makes us wait, and not for ever', async () => {
    const node = await start(singing(10))
    const watch = watchOver([node.url], { chain: { startAt: 1000, staleAfterMs: 50 } })
    await watch.until(() => watch.status().blind !== null)
    expect(watch.status().blind?.reason).toContain('stands still: nothing at all')
  })

  test('or tells of a head that it does not have makes us wait', async () => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'jumpHead', by: 1000 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    node.chain.extend(...singing(1, blocks[9]!))
    await watch.reach(node.chain.head())
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 11))
    expect(watch.status().finalized).toBeLessThan(11)
  })
})

test('a provider that contradicts itself is no reorg, and is not taken for seeing the chain', async () => {
  const node = await start(singing(10))
  const ours = node.chain.head()
  const watch = watchOver([node.url], { chain: { staleAfterMs: 50 } })
  await watch.reach(ours)
  const [foreign] = singing(1, singing(10, undefined, 'elsewhere')[9])
  // The node takes it for the next block, and answers with another parent.
  node.chain.extend({ ...foreign!, parentHash: ours.hash })
  await watch.until(() => watch.status().blind !== null)
  expect(reorgs(watch.notes)).toEqual([])
  expect(watch.status().cursor?.blockNumber).toBe(10)
})

test('a block that claims to be of the far future puts nothing off until then', async () => {
  const node = await start(singing(3))
  const now = new Date('2026-01-01T00:00:00Z')
  const watch = watchOver([node.url], { clock: () => now })
  await watch.reach(node.chain.head())
  const parent = node.chain.head()
  const late = block({ parent, timestamp: Date.UTC(9000, 0) / 1000, transactions: [tx(), canary(4)] })
  node.chain.extend(late)
  await watch.reach(late)
  const [alert] = await scene.db.select().from(alerts)
  expect(alert).toMatchObject({ state: 'firing', findings: 4, lastSeenAt: now })
  expect(alert!.tellAt.getTime()).toBeLessThan(now.getTime() + 86_400_000)
})

describe('nothing is skipped', () => {
  test('while the newest block has no body yet', async () => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'nullHeadBlock', methods: ['eth_getBlockByNumber'], times: 6 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 10))
  })

  test.each(['null', 'empty', 'partial', 'absent'] as const)('while its receipts are %s', async (as) => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'headReceipts', as, times: 5 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 10))
    expect(troubles(watch.notes).length).toBeGreaterThan(0)
  })

  test('while the database refuses a commit', async () => {
    const node = await start(singing(10))
    let refusals = 3
    const verb = raiseVerb()
    const watch = watchOver([node.url], {
      raise: async (tx, raised) => {
        await verb(tx, raised)
        if (raised.progress?.blockNumber === 5 && refusals-- > 0) throw new Error('deadlock detected')
      },
    })
    await watch.reach(node.chain.head())
    expect(troubles(watch.notes)).toHaveLength(3)
    expect(await standing(scene.db)).toEqual(await freshRun(node))
  })

  test('by two watchers on one database: one of them commits each block', async () => {
    const node = await start(singing(100))
    const both = [watchOver([node.url]), watchOver([node.url])]
    await Promise.race(both.map((watch) => watch.reach(node.chain.head())))
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 100))
    const { memory } = await standing(scene.db)
    expect(memory.find(({ key }) => key === 'count')?.value).toBe('100')
    await Promise.all(both.map((watch) => watch.stop()))
    expect(await standing(scene.db)).toEqual(await freshRun(node))
  })

  test('through 500 blocks full of faults and reorgs, with two providers', async () => {
    const blocks = singing(500)
    const [one, other] = [await start(blocks, 11), await start(blocks, 12)]
    for (const { chain: shown, faults } of [one, other]) {
      shown.setHead(1)
      faults.add({ kind: 'status', status: 500, rate: 0.05 })
      faults.add({ kind: 'status', status: 429, rate: 0.03 })
      faults.add({ kind: 'drop', rate: 0.05 })
      faults.add({ kind: 'malformed', rate: 0.05 })
      faults.add({ kind: 'headReceipts', as: 'null', rate: 0.2 })
      faults.add({ kind: 'headReceipts', as: 'partial', rate: 0.2 })
      faults.add({ kind: 'omitLog', rate: 0.05 })
      faults.add({ kind: 'wrongType', as: 'blockNumber', rate: 0.05 })
      faults.add({ kind: 'nullHeadBlock', rate: 0.1 })
      faults.add({ kind: 'staleHead', by: 3, rate: 0.1 })
      faults.add({ kind: 'error', code: -32000, message: 'internal error', rate: 0.05 })
    }
    const watch = watchOver([one.url, other.url])
    for (let number = 10; number <= 500; number += 10) {
      one.chain.setHead(number)
      other.chain.setHead(number - (number % 20 === 0 ? 2 : 0))
      await watch.until(() => (watch.status().cursor?.blockNumber ?? 0) >= number - 2)
    }
    other.chain.setHead(500)
    await watch.reach(blocks[499]!)
    expect(await canariesFound(scene.db)).toEqual(numbers(1, 500))
    expect(reorgs(watch.notes)).toEqual([])
    expect(troubles(watch.notes).length).toBeGreaterThan(20)
    for (const { faults } of [one, other]) faults.clear()
    const { memory } = await standing(scene.db)
    expect(memory.find(({ key }) => key === 'sum')?.value).toBe('500')
  })
})
