import type { Course, Stage } from './faultCase.ts'

const stepMax = 12
const depthMax = 64

const isLong = ({ chain, length }: Stage) => chain.head().number >= length
/** The next few blocks, never more than are wanted. */
const step = ({ chain, length, draw }: Stage, most = stepMax) =>
  chain.extend(Math.min(draw(most), length - chain.head().number))

/** A few blocks at a time, the next ones as soon as the watch has come near. */
export const grow: Course = async (stage) => {
  while (!isLong(stage)) {
    step(stage)
    stage.show()
    await stage.followed(stage.draw(4))
  }
}

/** Grows, and after every few blocks the newest are replaced, as many as 64; the watch has seen them by then. */
export const reorganise: Course = async (stage) => {
  for (let round = 0; !isLong(stage); round++) {
    step(stage, 3 * stepMax)
    stage.show()
    await stage.followed(0)
    const depth = Math.min(depths[round % depths.length]!, stage.chain.head().number - 1)
    stage.chain.reorg(depth, Math.min(depth + stage.draw(3) - 1, stage.length + depth - stage.chain.head().number))
    stage.show()
    // Every other time the chain goes on before the watch has looked.
    if (round % 2 === 0) await stage.followed(0)
  }
}

/** From 1 to 64, shallow and deep ones in turn. */
const depths = Array.from({ length: depthMax }, (_, round) => 1 + ((round * 29) % depthMax))

/** Comes to be at once: one block, then all the others. */
export const jump: Course = async (stage) => {
  stage.show()
  await stage.followed(0)
  stage.chain.extend(stage.length - stage.chain.head().number)
  stage.show()
}

/** Grows, and stops again and again until people would be told. */
export const stop: Course = async (stage) => {
  while (!isLong(stage)) {
    for (let steps = 0; steps < 5 && !isLong(stage); steps++) {
      step(stage)
      stage.show()
      await stage.followed(0)
    }
    await stage.watch.until(() => stage.watch.status().blind !== null)
  }
}

/** The provider that is asked first stands still again and again, while the others go on. */
export const stopFirst: Course = async (stage) => {
  const [, ...others] = stage.nodes
  while (!isLong(stage)) {
    stage.show()
    for (let steps = 0; steps < 5 && !isLong(stage); steps++) {
      step(stage)
      stage.show(...others)
      await stage.followed(0)
    }
  }
}

/** The last provider has other blocks for the newest ones, each time other ones; in the end they agree. */
export const disagree: Course = async (stage) => {
  while (!isLong(stage)) {
    step(stage)
    stage.show()
    const depth = Math.min(stage.draw(10), stage.chain.head().number - 1)
    stage.nodes.at(-1)!.chain.reorg(depth, stage.chain.rivals(depth, Math.max(1, depth + stage.draw(3) - 2)))
    await stage.followed(stage.draw(4))
  }
}
