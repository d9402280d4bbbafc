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

test('heads come in by the clock', async () => {
  const blocks = chain(5)
  const node = await startNode({ blocks: blocks.slice(0, 1) })
  await growChain([node], blocks.slice(1), everyMs(1))
  expect(node.chain.head()).toBe(blocks[4])
  await node.close()
})
