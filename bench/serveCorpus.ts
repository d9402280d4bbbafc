import { setTimeout as sleep } from 'node:timers/promises'
import { linkedChain } from '../test/harness/corpusChain.ts'
import { startNode } from '../test/harness/node/startNode.ts'
import type { NodeOrder, NodeReport } from './nodeProcess.ts'

/** Runs in the process that `nodeProcess.ts` starts: `node serveCorpus.ts SHOWN HIDDEN`. */
const [shown = 1, hidden = 0] = process.argv.slice(2).map(Number)
const node = await startNode({ blocks: linkedChain(shown + hidden, { from: 'receipts' }) })
node.chain.setHead(shown)
node.chain.finalize(1)

const report = (message: NodeReport) => process.send?.(message)

process.on('message', async ({ show: { blocks, everyMs } }: NodeOrder) => {
  const start = performance.now()
  const from = node.chain.head().number
  for (let count = 1; count <= blocks; count++) {
    await sleep(Math.max(0, start + count * everyMs - performance.now()))
    report({ shown: from + count, at: performance.timeOrigin + performance.now() })
    node.chain.setHead(from + count)
  }
})
process.on('disconnect', () => process.exit())
report({ url: node.url, wsUrl: node.wsUrl })
