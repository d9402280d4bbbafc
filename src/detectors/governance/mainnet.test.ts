import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { contract, modelBlock, scene } from '../../../test/harness/scene.ts'
import { paymentStream } from './paymentStream.ts'

/** Ordinary blocks of mainnet, as if whoever sends or is called most were ours. */
describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  test('payment-stream takes nothing that the busiest accounts do for a stream', () => {
    const blocks = corpusReceiptBlocks().map(modelBlock)
    const receipts = blocks.flatMap((block) => block.receipts!)
    const parties = receipts.flatMap(({ from, to }) => [from, ...(to ? [to] : [])])
    const busiest = [...Map.groupBy(parties, (party) => party)]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, 200)
      .map(([party], place) => contract(`busy${place}`, party))
    const watch = scene(paymentStream, busiest)
    const seen = blocks.map((block) => watch.judge(block))
    expect(receipts.length).toBeGreaterThan(1_000)
    expect(seen.flatMap(({ claims, blind }) => [...claims, ...blind])).toEqual([])
  })
})
