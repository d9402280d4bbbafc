import { benchMonitors, benchScene, watched } from './benchScene.ts'
import type { Bench } from './figure.ts'

/** What the watch asks of a node per block at the head, besides asking where the head and the final block are. */
export async function requestsPerBlock(monitors: number, blocks: number): Promise<number> {
  const scene = await benchScene(benchMonitors(monitors, { readsState: true }), { pollMs: 5 })
  const { requests } = scene.node
  let asked = 0
  for (let number = 0; number < blocks; number++) {
    requests.reset()
    await scene.addBlock(watched(0))
    // Whatever is asked of the block has been asked: it is committed.
    const polls = requests.list.filter(({ params: [which] }) => which === 'latest' || which === 'finalized')
    asked += requests.http - polls.length
  }
  await scene.stop()
  return asked / blocks
}

/** HTTP requests per block, with few and with many monitors: they must be the same. */
export const rpc: Bench = async function* () {
  for (const monitors of [1, 1000]) {
    const value = await requestsPerBlock(monitors, 50)
    yield { figure: 'HTTP requests per block at the head', value, unit: 'requests', monitors, blocks: 50 }
  }
}
