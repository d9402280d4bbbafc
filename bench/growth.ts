import { sql } from 'drizzle-orm'
import { createTestDatabase } from '../test/harness/database.ts'
import { chain, tx } from '../test/harness/node/block.ts'
import { startNode } from '../test/harness/node/startNode.ts'
import { canary, claimOf, monitor, startWatch, vault } from '../test/harness/watchScene.ts'
import type { Bench } from './figure.ts'

const [blocks, warmUp] = [3000, 1000]

/** What the database grows by, counted over some blocks and told for a million. */
export const growth: Bench = async function* () {
  for (const kind of ['quiet', 'with one finding each'] as const) {
    const isQuiet = kind === 'quiet'
    const node = await startNode({
      blocks: chain(blocks + warmUp, (place) => (isQuiet ? [tx()] : [tx(), canary(place + 1)])),
    })
    node.chain.setHead(warmUp)
    const database = await createTestDatabase()
    const herald = monitor('herald', {
      interests: [{ kind: 'log', addresses: [vault] }],
      detect: ({ logs }) => ({ claims: logs.map((each) => claimOf(each)) }),
    })
    const watch = startWatch({ db: database.db, urls: [node.url], monitors: [herald] })
    const size = async () => {
      await database.db.execute(sql`vacuum`)
      const { rows } = await database.db.execute<{ size: string }>(
        sql`select pg_database_size(current_database()) as size`,
      )
      return Number(rows[0]!.size)
    }
    await watch.reach(node.chain.head())
    const before = await size()
    node.chain.setHead(warmUp + blocks)
    await watch.reach(node.chain.head())
    const grown = ((await size()) - before) / blocks
    await watch.stop()
    await node.close()
    await database.drop()
    yield { figure: `database growth per million blocks, ${kind}`, value: Math.round(grown), unit: 'MB', blocks }
  }
}
