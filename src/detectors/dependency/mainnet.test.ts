import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { contract, modelBlock, scene } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { serviceHealth } from './serviceHealth.ts'

/**
 * Ordinary blocks of mainnet, as if whoever works most at the busiest contracts, directly or by others, were a service.
 * Years lie between the blocks: what is judged is whether busy traffic looks like a service that is replaced or fails.
 */
describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const blocks = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const receipts = blocks.flatMap((block) => block.receipts!)
  const top = (addresses: readonly Address[], size: number) =>
    [...Map.groupBy(addresses, (address) => address)]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, size)
      .map(([address]) => address)
  const busiest = top(
    receipts.flatMap(({ logs }) => logs.map(({ address }) => address)),
    40,
  )
  const workersAt = (contractAddress: Address) =>
    receipts
      .filter(({ logs }) => logs.some(({ address }) => address === contractAddress))
      .flatMap(({ from, to }) => [from, to ?? from])
      .filter((address) => address !== contractAddress)

  test('service-health pages nobody about the busiest contracts and who works there most', () => {
    expect(receipts.length).toBeGreaterThan(1_000)
    let works = 0
    const said = busiest.flatMap((address) => {
      const services = top(workersAt(address), 3)
      const watch = scene(serviceHealth, [contract('busy', address)], { options: { services, namedBy: '0xaced1661' } })
      const seen = blocks.map((block) => watch.judge(block))
      works += (watch.memory.get(address) as { works: number }).works
      expect(seen.flatMap(({ blind }) => blind)).toEqual([])
      return seen.flatMap(({ claims }) => claims.filter(({ severity }) => severity !== 'medium'))
    })
    expect(works).toBeGreaterThan(200)
    expect(said.map(({ title }) => title)).toEqual([])
  })
})
