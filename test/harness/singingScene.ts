import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import type { Monitor } from '../../src/model/monitor.ts'
import type { WatchNote } from '../../src/watch/watchedChain.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { chain, tx } from './node/block.ts'
import type { ServedBlock } from './node/rpcTypes.ts'
import { startNode, type TestNode } from './node/startNode.ts'
import { canaries, canary, monitor, standing, startWatch, type TestWatch } from './watchScene.ts'

/** The canaries, and one who counts every block and every seventh. */
const monitors: Monitor[] = [
  monitor('canaries', canaries),
  monitor('clock', {
    interests: [{ kind: 'tick', everyBlocks: 1 }],
    detect: ({ block: { number } }, memory) => ({
      memory: { count: String(BigInt((memory.get('count') as string | undefined) ?? '0') + 1n), newest: number },
    }),
  }),
]

/** A chain of which every block has one canary, numbered like the block. */
export const singing = (length: number, parent?: ServedBlock, salt = ''): ServedBlock[] => {
  const first = (parent?.number ?? 0) + 1
  return chain(length, (place) => [tx(), canary(first + place)], { ...(parent ? { parent } : {}), salt })
}
export const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

export const reorgs = (notes: readonly WatchNote[]) => notes.filter(({ kind }) => kind === 'reorg')
export const troubles = (notes: readonly WatchNote[]) => notes.filter(({ kind }) => kind === 'trouble')

/** Nodes and watches over one database, which all end with the test. */
export function singingScene() {
  // Hundreds of blocks, each committed to a real database: a limit is there for what hangs, not for a busy machine.
  vi.setConfig({ testTimeout: 120_000 })

  let database: TestDatabase
  const nodes: TestNode[] = []
  const watches: TestWatch[] = []
  const databases: TestDatabase[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
  })
  beforeEach(() => database.clear())
  afterAll(() => database.drop())
  afterEach(async () => {
    await Promise.all(watches.splice(0).map((watch) => watch.stop()))
    await Promise.all([
      ...nodes.splice(0).map((node) => node.close()),
      ...databases.splice(0).map(({ drop }) => drop()),
    ])
  })

  const scene = {
    get db() {
      return database.db
    },
    async start(blocks: readonly ServedBlock[], seed = 1): Promise<TestNode> {
      const node = await startNode({ blocks, seed })
      nodes.push(node)
      return node
    },
    watchOver(urls: string[], rest: Partial<Parameters<typeof startWatch>[0]> = {}): TestWatch {
      const watch = startWatch({ db: database.db, urls, monitors, ...rest })
      watches.push(watch)
      return watch
    },
    /** What a watch that never saw anything but this chain leaves in the database. */
    async freshRun(node: TestNode) {
      const other = await createTestDatabase()
      databases.push(other)
      const watch = scene.watchOver([node.url], { db: other.db })
      await watch.reach(node.chain.head())
      await watch.stop()
      return standing(other.db)
    },
  }
  return scene
}
