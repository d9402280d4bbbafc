import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { account, chain, tx } from '../../test/harness/node/block.ts'
import type { Fault } from '../../test/harness/node/faults.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { canaries, canary, monitor, startWatch, vault } from '../../test/harness/watchScene.ts'
import type { Watch } from '../model/detector.ts'
import type { Claim } from '../model/finding.ts'
import { listBlindness } from '../store/blindness.ts'
import { findings } from '../store/schema.ts'
import { replay } from './replay.ts'

const withdraw = '0xaabbccdd'
/** Each block has a canary, and a contract that calls the vault inside a transaction that is sent to it. */
const blocks = chain(6, (place) => [
  canary(place + 1),
  tx({ to: vault, calls: [{ to: account(0xbad), calls: [{ to: vault, input: withdraw }] }] }),
  tx({ to: account(0xc) }),
])

/** Tells of every call of `withdraw`, wherever it comes from. */
const withdrawals: Watch = {
  interests: [{ kind: 'call', addresses: [vault], selectors: [withdraw], internal: 'touching' }],
  detect: ({ outcomes }) => ({
    claims: outcomes.flatMap(({ calls = [] }) =>
      calls
        .filter(({ to, input }) => to === vault && input === withdraw)
        .map(
          ({ transactionHash, position }): Claim => ({
            key: `call ${position}`,
            transactionHash,
            address: vault,
            title: 'withdrawn',
            facts: { position: String(position) },
            evidence: 'soft',
          }),
        ),
    ),
  }),
}
const watching = [monitor('canaries', canaries), monitor('withdrawals', withdrawals)]
const unsupported: Fault = {
  kind: 'error',
  code: -32601,
  message: 'the method does not exist',
  methods: ['debug_traceTransaction', 'trace_transaction', 'debug_traceBlockByHash', 'trace_block'],
}

let database: TestDatabase
let node: TestNode
beforeEach(async () => {
  database = await createTestDatabase()
  node = await startNode({ blocks })
})
afterEach(async () => {
  await Promise.all([node.close(), database.drop()])
})

async function watched() {
  const watch = startWatch({ db: database.db, urls: [node.url], monitors: watching })
  await watch.reach(node.chain.head())
  await watch.stop()
  const all = await database.db.select().from(findings)
  return {
    canaries: all.filter(({ monitor }) => monitor === 'canaries').length,
    withdrawals: all.filter(({ monitor }) => monitor === 'withdrawals').map(({ facts }) => facts),
    blind: (await listBlindness(database.db)).map((each) => each.monitor),
  }
}

async function replayed() {
  const found = []
  const blind = []
  for await (const each of replay(
    { client: openTestClient(node.url), monitors: watching, ahead: 4 },
    { from: 1, to: 6 },
  )) {
    found.push(...each.sighted.map(({ finding }) => finding.monitor))
    blind.push(...each.blind)
  }
  return { withdrawals: found.filter((name) => name === 'withdrawals').length, found: found.length, blind }
}

describe('a call inside a transaction', () => {
  test('is seen at the head and in the past, and only transactions that can matter are traced', async () => {
    expect(await watched()).toEqual({
      canaries: 6,
      withdrawals: Array.from({ length: 6 }, () => ({ position: '2' })),
      blind: [],
    })
    // The canary and the caller of the vault, of three in each block.
    expect(node.requests.byMethod.debug_traceTransaction).toBe(12)
    expect(await replayed()).toEqual({ withdrawals: 6, found: 12, blind: [] })
  })

  test('that no provider can tell of makes the monitor blind with the reason, and the others go on', async () => {
    node.faults.add(unsupported)
    expect(await watched()).toEqual({ canaries: 6, withdrawals: [], blind: ['withdrawals'] })
    const { found, blind } = await replayed()
    expect(found).toBe(6)
    expect(blind).toEqual(
      Array.from({ length: 6 }, () => ({
        monitor: 'withdrawals',
        reason: expect.stringMatching(/calls inside a transaction could not be read: .*does not exist/),
      })),
    )
  })

  test('that a provider tells of a moment later only is waited for', async () => {
    node.faults.add({ ...unsupported, code: -32000, message: 'not traced yet', times: 30 })
    expect(await watched()).toMatchObject({ withdrawals: { length: 6 }, blind: [] })
  })
})
