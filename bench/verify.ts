import { createVerifier } from '../src/evm/verify/createVerifier.ts'
import { filesOf, readCorpus } from '../test/harness/corpus.ts'
import { receiptsRoot } from '../test/harness/node/receiptsRoot.ts'
import type { RpcBlock, RpcReceipt } from '../test/harness/node/rpcTypes.ts'
import { percentile, rounded } from './compare.ts'
import type { Bench } from './figure.ts'

const rounds = 15

type Recorded = { number: number; receipts: RpcReceipt[] }

/** What it costs to recompute the hashes of recorded mainnet blocks: the median of each block, over all blocks. */
export const verify: Bench = async function* () {
  const bodies = filesOf('bodies').map((file) => readCorpus<RpcBlock>(file))
  const receipts = filesOf('receipts').map((file) => readCorpus<Recorded>(file))
  const works = {
    'hash and transactions of a block': bodies.map((raw) => () => {
      const flaw = createVerifier({ mode: 'always' }).block(raw)
      if (flaw) throw new Error(flaw.message)
    }),
    'receipts of a block': receipts.map(({ receipts: own }) => {
      const root = receiptsRoot(own)
      return () => {
        const flaw = createVerifier({ mode: 'always' }).receipts(own, root)
        if (flaw) throw new Error(flaw.message)
      }
    }),
  }
  for (const [figure, blocks] of Object.entries(works)) {
    for (const work of blocks) for (let times = 0; times < 3; times++) work()
    const medians = blocks.map((work) =>
      percentile(
        Array.from({ length: rounds }, () => timed(work)),
        50,
      ),
    )
    for (const percent of [50, 95, 100]) {
      yield {
        figure: `${figure}, p${percent}`,
        value: rounded(percentile(medians, percent)),
        unit: 'ms',
        blocks: blocks.length,
      }
    }
  }
}

function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
