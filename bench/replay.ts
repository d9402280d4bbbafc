import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { nodeFlags } from '../bin/nodeFlags.js'
import { compare, rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { startNodeProcess } from './nodeProcess.ts'
import type { ReplaySide } from './replaySide.ts'

const [blocks, rounds, ahead] = [300, 9, 8]
const script = fileURLToPath(new URL('replaySide.ts', import.meta.url))

/**
 * Replay over JSON-RPC with 1,000 monitors of logs, beside a bare client that only fetches and parses the same two calls
 * per block from the same node, as many at once. Each has a process to itself: the client Node as it comes, Tocsin Node
 * with the flags that its command gives it.
 */
export const replay: Bench = async function* () {
  const node = await startNodeProcess({ shown: blocks })
  const sides = {
    bare: startSide('bare', node.url, []),
    checked: startSide('checked', node.url, nodeFlags),
    unchecked: startSide('unchecked', node.url, nodeFlags),
  }
  const took = await compare(
    { bare: sides.bare.read, checked: sides.checked.read, unchecked: sides.unchecked.read },
    { rounds, prepare: () => undefined },
  )
  for (const { stop } of Object.values(sides)) stop()
  await node.stop()
  const details = { monitors: 1000, blocks, atOnce: ahead }
  const speed = (ms: number) => Math.round((blocks / ms) * 1000)
  yield { figure: 'bare client', value: speed(took.bare), unit: 'blocks/s', ...details }
  yield { figure: 'replay', value: speed(took.checked), unit: 'blocks/s', ...details }
  yield { figure: 'replay by bare client', value: rounded(took.bare / took.checked), unit: 'ratio', ...details }
  yield {
    figure: 'the same, with verify: never',
    value: rounded(took.bare / took.unchecked),
    unit: 'ratio',
    ...details,
  }
}

function startSide(side: ReplaySide, url: string, execArgv: string[]) {
  const child = fork(script, [side, url, String(blocks), String(ahead)], { execArgv })
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the side ${side} ended with code ${code}`)
  })
  // It ends when it is told to as well, which is no failure.
  died.catch(() => undefined)
  return {
    async read() {
      child.send('read')
      await Promise.race([once(child, 'message'), died])
    },
    stop: () => child.disconnect(),
  }
}
