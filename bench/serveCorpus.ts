import { setTimeout as sleep } from 'node:timers/promises'
import { concatHex, toHex } from 'viem'
import { linkedChain } from '../test/harness/corpusChain.ts'
import { startNode } from '../test/harness/node/startNode.ts'
import type { NodeOrder, NodeReport } from './nodeProcess.ts'

/** Runs in the process that `nodeProcess.ts` starts: `node serveCorpus.ts SHOWN HIDDEN FROM`. */
const [shown, hidden, from] = process.argv.slice(2)
const blocks = linkedChain(Number(shown) + Number(hidden), { from: from as 'receipts' | 'traces' })
const node = await startNode({ blocks, state: plentyOfAll })
node.chain.setHead(Number(shown))
node.chain.finalize(1)

/** Whoever is asked has much of everything, and a price of 2,000 with 8 decimals that came just now. */
function plentyOfAll(method: string, [call]: readonly unknown[]): unknown {
  if (method === 'eth_getCode') return '0x6001'
  if (method === 'eth_getStorageAt') return toHex(0, { size: 32 })
  if (method === 'eth_getBalance') return toHex(10n ** 24n)
  const { data = '0x' } = call as { data?: string }
  const { timestamp } = node.chain.head()
  const words = data.startsWith('0xfeaf968c') ? [1n, 2_000n * 10n ** 8n, timestamp, timestamp, 1n] : [10n ** 24n]
  return concatHex(words.map((word) => toHex(word, { size: 32 })))
}

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
