import { expect, test } from 'vitest'
import { chain } from './block.ts'
import { everyMs, growChain } from './growChain.ts'
import { startNode } from './startNode.ts'

test('heads come in one by one on all nodes, each when the pace lets it', async () => {
  const blocks = chain(5)
  const nodes = await Promise.all([
    startNode({ blocks: blocks.slice(0, 2) }),
    startNode({ blocks: blocks.slice(0, 2) }),
  ])
  const seen: number[][] = []
  await growChain(nodes, blocks.slice(2), async ({ number }) => {
    seen.push([number, ...nodes.map((node) => node.chain.head().number)])
  })
  expect(seen).toEqual([
    [3, 3, 3],
    [4, 4, 4],
    [5, 5, 5],
  ])
  await Promise.all(nodes.map((node) => node.close()))
})

test('a pace of time never comes early, and makes up for what was late', async () => {
  const start = performance.now()
  const pace = everyMs(20)
  const [head] = chain(1)
  await pace(head!)
  while (performance.now() - start < 50) await new Promise(setImmediate)
  await pace(head!)
  await pace(head!)
  expect(performance.now() - start).toBeGreaterThanOrEqual(59)
})
