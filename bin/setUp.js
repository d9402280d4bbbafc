// All that a fresh clone needs before it can run.
// Every file that this one imports parses on Node 20, because Node 24 is among the things that it installs.
import { join } from 'node:path'
import { root } from './findNode.js'
import { holdLock } from './holdLock.js'
import { say, timed } from './say.js'
import { consolePages } from './setUp/consolePages.js'
import { packages } from './setUp/packages.js'
import { testBrowser } from './setUp/testBrowser.js'

const steps = [packages, consolePages]
const longestMs = 15 * 60_000

/**
 * Does what is left to do, and nothing where all is done. Two that run at once wait for each other.
 *
 * @param {{ forTests?: boolean }} [options]
 * @throws {SetUpError} A step failed, or a signal ended it.
 */
export async function setUp({ forTests = false } = {}) {
  const wanted = forTests ? [...steps, testBrowser] : steps
  if (wanted.every((step) => step.isDone())) return
  const onWait = (owner) => say(`Another set-up is running here (process ${owner}); waiting for it`)
  await holdLock(join(root, '.setUp.lock'), { onWait, limitMs: longestMs }, async () => {
    for (const step of wanted) {
      if (step.isDone()) continue
      const { code, stopped } = await timed(`Set up ${step.title}`, () => step.run())
      if (code !== 0 || stopped) throw new SetUpError(step.title, { code, stopped })
    }
  })
}

export class SetUpError extends Error {
  constructor(title, { code, stopped = false }) {
    super(
      `The set-up stopped at ${title}, with code ${code}. What was done so far is kept; the same command goes on from there.`,
    )
    this.exitCode = code || 1
    this.wasStopped = stopped
  }
}
