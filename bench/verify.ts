import { hexToBytes, keccak256, toHex } from 'viem'
import { explainsBloom } from '../src/evm/bloom.ts'
import { createVerifier, type Verdict } from '../src/evm/verify/createVerifier.ts'
import type { Hex, Log } from '../src/model/chain.ts'
import { filesOf, readCorpus } from '../test/harness/corpus.ts'
import { logsBloom } from '../test/harness/node/logsBloom.ts'
import { receiptsRoot } from '../test/harness/node/receiptsRoot.ts'
import type { RpcBlock, RpcReceipt } from '../test/harness/node/rpcTypes.ts'
import { percentile, rounded } from './compare.ts'
import type { Bench } from './figure.ts'

const [warmUps, rounds] = [3, 15]

type Recorded = { number: number; receipts: RpcReceipt[] }

/** What it costs to recompute the hashes of recorded mainnet blocks: the median of each block, over all blocks. */
export const verify: Bench = async function* () {
  const bodies = filesOf('bodies').map((file) => readCorpus<RpcBlock>(file))
  const receipts = filesOf('receipts').map((file) => readCorpus<Recorded>(file))
  const works = {
    'hash and transactions of a block': bodies.map((raw) => async () => {
      mustBeProved(await createVerifier({ mode: 'always' }).block(raw))
    }),
    'receipts of a block': receipts.map(({ receipts: own }) => {
      const root = receiptsRoot(own)
      return async () => mustBeProved(await createVerifier({ mode: 'always' }).receipts(own, root))
    }),
    'logs of a block against its bloom, all of their topics new': receipts.map(({ receipts: own }) => {
      const chains = Array.from({ length: warmUps + rounds }, (_, round) => withNewTopics(own, round))
      return async () => {
        const { bloom, logs } = chains.pop()!
        if (!explainsBloom(bloom, logs)) throw new Error('the bloom speaks of other logs')
      }
    }),
  }
  for (const [figure, blocks] of Object.entries(works)) {
    for (const work of blocks) for (let times = 0; times < warmUps; times++) await work()
    const medians: number[] = []
    for (const work of blocks) {
      const took: number[] = []
      for (let round = 0; round < rounds; round++) took.push(await timed(work))
      medians.push(percentile(took, 50))
    }
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

/** The hashes of what was seen before are kept, so that what is new costs the most. */
function withNewTopics(receipts: readonly RpcReceipt[], round: number): { bloom: Uint8Array; logs: Log[] } {
  const fresh = (topic: Hex, place: number) => (place === 0 ? topic : keccak256(toHex(`${topic} ${round}`)))
  const raws = receipts.flatMap(({ logs }) => logs).map((log) => ({ ...log, topics: log.topics.map(fresh) }))
  const logs = raws.map((raw, position) => ({ ...raw, logIndex: position, position, transactionIndex: 0 }))
  return { bloom: hexToBytes(logsBloom(raws)), logs }
}

function mustBeProved(verdict: Verdict): void {
  if (verdict !== 'proved') throw new Error(JSON.stringify(verdict))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
