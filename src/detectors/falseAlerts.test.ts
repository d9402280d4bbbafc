import { describe, expect, test } from 'vitest'
import { busiest } from '../../test/harness/busiest.ts'
import { corpusReceiptBlocks, hasCorpus } from '../../test/harness/corpus.ts'
import { type Posted, pagesAround } from '../../test/harness/pagesAround.ts'
import { PoorWorld } from '../../test/harness/poorWorld.ts'
import { answeredTracedBlocks, recordedTracedBlocks } from '../../test/harness/recordedTracedBlocks.ts'
import { RecordedWorld } from '../../test/harness/recordedWorld.ts'
import { modelBlock } from '../../test/harness/scene.ts'
import type { Address, Block } from '../model/chain.ts'
import { detectors } from './index.ts'

/** Of what goes by size alone, by habit, or by state that was not recorded, these blocks say nothing. */
const leftOut = new Set([
  ...['outflow-cap', 'unusual-outflow', 'transaction-rate', 'attack-signs'],
  ...['backing', 'oracle-bounds', 'oracle-jump', 'oracle-stale'],
])
const alone = 100
const [groups, groupSize] = [5, 10]
const timeout = 120_000

/** Whoever is called, logs, holds tokens that move, or sends, the busiest first. */
const partiesOf = ({ transactions, receipts, traces }: Block): Address[][] =>
  transactions.map(({ hash, from, to, index }) => {
    const trace = traces?.get(hash)
    const called = trace?.ok ? trace.calls.flatMap((call) => (call.to && call.kind === 'call' ? [call.to] : [])) : []
    return [from, ...(to ? [to] : []), ...(receipts?.[index]?.logs ?? []).map(({ address }) => address), ...called]
  })

/** The busiest accounts, and with each of the first of them those that are oftenest in the same transactions. */
function trafficOf(blocks: readonly Block[]) {
  const all = blocks.flatMap(partiesOf)
  const single = busiest(all.flat(), alone)
  const related = single.slice(0, groups).map((address) => {
    const others = all.filter((parties) => parties.includes(address)).flatMap((parties) => [...new Set(parties)])
    return [address, ...busiest(others, groupSize).filter((each) => each !== address)]
  })
  return { single: single.map((each) => [each]), related, services: single.slice(0, 4) }
}

/** With nothing left in the world after any block, and with balances as the transfers have it. */
describe.skipIf(!hasCorpus).each([
  { what: 'blocks with logs', blocksOf: () => corpusReceiptBlocks().map(modelBlock), least: 1_411 },
  { what: 'blocks with calls', blocksOf: recordedTracedBlocks, least: 2_921 },
  { what: 'blocks that no limit was chosen by', blocksOf: answeredTracedBlocks, least: 900 },
])('on recorded mainnet $what', ({ blocksOf, least }) => {
  const blocks = hasCorpus ? blocksOf() : []
  const { single, related, services } = trafficOf(blocks)
  const posted: Posted[] = [...detectors.values()]
    .filter(({ id, when, options }) => when !== 'required' && !leftOut.has(id) && options.safeParse({}).success)
    .map((detector) => ({ detector }))
  const workers = services.map((each) => ({
    detector: detectors.get('service-health')!,
    options: { services: [each] },
  }))

  test('nobody is paged about any of the 100 busiest accounts, though nothing is left of what they held', {
    timeout,
  }, () => {
    expect(blocks.flatMap(({ transactions }) => transactions).length).toBeGreaterThanOrEqual(least)
    expect(posted.length).toBeGreaterThan(20)
    expect(pagesAround([...posted, ...workers], single, blocks, new PoorWorld())).toEqual([])
  })

  test('nor about them and those that are busiest together, where balances move as transfers tell', { timeout }, () => {
    expect(pagesAround(posted, [...single, ...related], blocks, new RecordedWorld(blocks))).toEqual([])
  })
})
