import type { Address } from '../src/model/chain.ts'
import type { Monitor } from '../src/model/monitor.ts'
import { createTestDatabase } from '../test/harness/database.ts'
import { account, block, log, type SomeTransaction, tx } from '../test/harness/node/block.ts'
import { startNode, type TestNode } from '../test/harness/node/startNode.ts'
import { claimOf, monitor, startWatch, type TestWatch } from '../test/harness/watchScene.ts'

/** The contract that a monitor watches. */
export const watched = (number: number): Address => account(0x100000 + number)

/** So many monitors, each of a contract of its own: it tells of its logs, and looks at its balance in each block. */
export function benchMonitors(count: number, { readsState }: { readsState: boolean }): Monitor[] {
  return Array.from({ length: count }, (_, number) => {
    const address = watched(number)
    const reads = [{ at: 'block', kind: 'balance', of: address }] as const
    return monitor(`monitor ${number}`, {
      interests: [
        { kind: 'log', addresses: [address] },
        ...(readsState ? [{ kind: 'state', reads, everyBlocks: 1 } as const] : []),
      ],
      detect: ({ logs, state }) => ({
        claims: logs.map((each) => claimOf(each)),
        ...(readsState ? { memory: { balance: JSON.stringify(state(reads[0])) } } : {}),
      }),
    })
  })
}

export type BenchScene = {
  node: TestNode
  watch: TestWatch
  addBlock(...logs: Address[]): Promise<void>
  stop(): Promise<void>
}

/** A watch at the head of a chain that grows by `addBlock`, which resolves when the block is committed. */
export async function benchScene(
  monitors: Monitor[],
  { overWebSocket = false, pollMs = 1000 } = {},
): Promise<BenchScene> {
  const node = await startNode({ blocks: [block({ number: 1 })] })
  const database = await createTestDatabase()
  const url = overWebSocket ? node.wsUrl : node.url
  const watch = startWatch({ db: database.db, urls: [url], monitors, chain: { startAt: 'latest', pollMs } })
  await watch.reach(node.chain.head())
  return {
    node,
    watch,
    async addBlock(...emitters) {
      const ordinary: SomeTransaction[] = Array.from({ length: 100 }, () =>
        tx({ logs: [log({ address: account(7) })] }),
      )
      const loud = emitters.map((address) => tx({ to: address, logs: [log({ address })] }))
      node.chain.extend(block({ parent: node.chain.head(), transactions: [...ordinary, ...loud] }))
      await watch.reach(node.chain.head())
    },
    async stop() {
      await watch.stop()
      await node.close()
      await database.drop()
    },
  }
}
