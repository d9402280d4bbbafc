import { asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { hasCorpus } from '../../test/harness/corpus.ts'
import { corpusChain } from '../../test/harness/corpusChain.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { chain } from '../../test/harness/node/block.ts'
import type { ServedBlock } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { canary, monitor, startWatch, vault } from '../../test/harness/watchScene.ts'
import { killScenes } from '../../test/smoke/killScene.ts'
import type { Monitor } from '../model/monitor.ts'
import { findings, sightings } from '../store/schema.ts'
import { replay } from './replay.ts'

const crafted = killScenes.crafted()

let database: TestDatabase
let node: TestNode
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await Promise.all([node.close(), database.drop()])
})

async function replayed(monitors: readonly Monitor[], range = { from: 1, to: node.chain.head().number }) {
  const found = []
  for await (const { sighted } of replay({ client: openTestClient(node.url), monitors, ahead: 4 }, range)) {
    for (const { finding, sighting } of sighted) found.push({ ...finding, ...sighting })
  }
  return found
}

async function watched(monitors: readonly Monitor[]) {
  const watch = startWatch({ db: database.db, urls: [node.url], monitors })
  await watch.reach(node.chain.head())
  await watch.stop()
  return database.db
    .select()
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .orderBy(asc(sightings.blockNumber), asc(findings.id))
}

/** What both know of a finding. */
const plain = (found: Record<string, unknown>[]) =>
  found
    .map(
      ({
        id,
        monitor: name,
        severity,
        evidence,
        confidence,
        title,
        address,
        transactionHash,
        facts,
        blockNumber,
        blockHash,
        timestamp,
        logIndex,
      }) => ({
        id,
        name,
        severity,
        evidence,
        confidence,
        title,
        address,
        transactionHash,
        facts,
        blockNumber,
        blockHash,
        timestamp,
        logIndex,
      }),
    )
    .toSorted((a, b) => Number(a.blockNumber) - Number(b.blockNumber) || (String(a.id) < String(b.id) ? -1 : 1))

async function expectTheSame(blocks: readonly ServedBlock[], monitors: readonly Monitor[]): Promise<void> {
  node = await startNode({ blocks })
  const live = (await watched(monitors)).map(({ findings: finding, sightings: sighting }) => ({
    ...finding,
    ...sighting,
  }))
  const past = await replayed(monitors)
  expect(past.length).toBeGreaterThan(0)
  expect(plain(past)).toEqual(plain(live))
}

describe('replay and watch find the same', () => {
  test('with detectors that remember, claim about state, and count', () =>
    expectTheSame(crafted.chain(120), crafted.monitors))

  test('where a claim about state comes back in later blocks: the watch notes each, the replay tells of it once', async () => {
    const again = monitor('again', {
      interests: [{ kind: 'tick', everyBlocks: 2 }],
      detect: ({ block: { number } }) => ({
        claims: [
          { key: `${number % 4}`, subject: 'state', address: vault, title: 'Again', facts: {}, evidence: 'soft' },
        ],
      }),
    })
    node = await startNode({ blocks: chain(10) })
    const live = await watched([again])
    expect(live.map(({ sightings: { blockNumber } }) => blockNumber)).toEqual([2, 4, 6, 8, 10])
    const past = await replayed([again])
    expect(past.map(({ blockNumber }) => blockNumber)).toEqual([2, 4])
    expect(new Set(past.map(({ id }) => id))).toEqual(new Set(live.map(({ findings: { id } }) => id)))
  })

  test.skipIf(!hasCorpus)('in the recorded blocks', () => {
    const config = new URL('../../test/corpus/tocsin.yaml', import.meta.url).pathname
    const { monitors } = loadConfig(config, plugIns, { TOCSIN_CORPUS_RPC: 'http://127.0.0.1:1' })
    return expectTheSame(corpusChain(), monitors)
  })
})

describe('a replay', () => {
  const blocks = chain(10, (place) => [canary(place + 1)])

  test('ends with an error where the chain ends, and where it is reorganised meanwhile', async () => {
    node = await startNode({ blocks })
    await expect(replayed([], { from: 8, to: 12 })).rejects.toMatchObject({
      code: 'not_found',
      message: 'No provider has block 11.',
    })
    node.faults.add({
      kind: 'rewrite',
      rewrite: (result) => ({ ...(result as object), parentHash: `0x${'ab'.repeat(32)}` }),
      methods: ['eth_getBlockByNumber'],
    })
    await expect(replayed([], { from: 1, to: 2 })).rejects.toMatchObject({ code: 'conflict', retryable: true })
  })

  test('begins in the middle, with a memory of its own', async () => {
    node = await startNode({ blocks })
    const found = await replayed(crafted.monitors, { from: 5, to: 6 })
    expect(found.map(({ facts }) => facts)).toEqual([
      { number: '5', sum: '1' },
      { number: '6', sum: '2' },
    ])
  })
})
