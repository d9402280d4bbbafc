import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Hashes, type HashTask, hashAll } from './hashAll.ts'

/** What has fewer digits is hashed at once: to hand it over takes as long. A block of mainnet has a million. */
const digitsMin = 100_000

type Thread = { hash(task: HashTask): Promise<Hashes | null> }

let thread: Thread | undefined
/** The thread could not be started, or died: from then on all is hashed here, which is slower and no less right. */
let isBroken = false

/**
 * Does as `hashAll`, where there is much to hash in a thread of its own, so that blocks are read and judged meanwhile.
 * @throws {RpcError} A value is no hex.
 */
export async function hashAside(task: HashTask): Promise<Hashes> {
  const digits = task.values.reduce((sum, { length }) => sum + length, 0)
  if (digits < digitsMin || isBroken) return hashAll(task)
  thread ??= openThread()
  return (await thread.hash(task)) ?? hashAll(task)
}

/** One for the process, which it does not keep alive unless somebody waits. It answers in the order of the tasks. */
function openThread(): Thread {
  const script = new URL(`./hashThread${extname(import.meta.url)}`, import.meta.url)
  // Nothing that it is given lives for longer than a task: room for more would only fill with what is over. Nor are the
  // flags that Node was started with meant for it.
  const worker = new Worker(script, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 8 } })
  const waiting: ((hashes: Hashes | null) => void)[] = []
  const giveUp = (reason: string) => {
    if (!isBroken)
      process.emitWarning(`Blocks are hashed more slowly from now on: the thread for it ended (${reason}).`)
    isBroken = true
    for (const resolve of waiting.splice(0)) resolve(null)
  }
  worker.on('message', (hashes: Hashes | null) => {
    waiting.shift()?.(hashes)
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', ({ message }) => giveUp(message))
  worker.on('exit', (code) => giveUp(`code ${code}`))
  return {
    hash(task) {
      const { promise, resolve } = Promise.withResolvers<Hashes | null>()
      waiting.push(resolve)
      worker.ref()
      worker.postMessage(task)
      return promise
    },
  }
}
