import { benchMonitors, benchScene, watched } from './benchScene.ts'
import type { Bench } from './figure.ts'

const [monitors, blocks, warmUp] = [100, 200, 20]

/** From the moment a node shows a block to the commit of the alert about it; the node wakes us over a WebSocket. */
export const latency: Bench = async function* () {
  const scene = await benchScene(benchMonitors(monitors, { readsState: false }), { overWebSocket: true })
  const took: number[] = []
  for (let number = 0; number < warmUp + blocks; number++) {
    const start = performance.now()
    await scene.addBlock(watched(number % monitors))
    if (number >= warmUp) took.push(performance.now() - start)
  }
  await scene.stop()
  took.sort((a, b) => a - b)
  for (const percent of [50, 95, 99]) {
    const value = Math.round(took[Math.ceil((took.length * percent) / 100) - 1]! * 10) / 10
    yield {
      figure: `block shown to alert committed, p${percent}`,
      value,
      unit: 'ms',
      monitors,
      blocks,
      node: 'synthetic',
    }
  }
}
