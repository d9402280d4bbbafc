import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { recordedTracedBlocks } from '../../../test/harness/recordedTracedBlocks.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Block } from '../../model/chain.ts'
import type { AnyDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { testPayment } from '../value/testPayment.ts'
import { addressPoisoning } from './addressPoisoning.ts'
import { approvalBurst } from './approvalBurst.ts'
import { flashLoan } from './flashLoan.ts'
import { freshContract } from './freshContract.ts'
import { newCallPath } from './newCallPath.ts'
import { probing } from './probing.ts'
import { reentrancy } from './reentrancy.ts'
import { replayedSignature } from './replayedSignature.ts'
import { roundingLoop } from './roundingLoop.ts'
import { roundTrip } from './roundTrip.ts'

/** Everybody held one unit before each block and nothing after it, so that whatever left looks like all there was. */
class PoorWorld extends World {
  override answer(read: Read): ReadResult {
    const isBalance = read.kind === 'balance' || (read.kind === 'call' && read.data.startsWith('0x70a08231'))
    return isBalance ? { ok: true, data: word(read.at === 'parent' ? 1n : 0n) } : super.answer(read)
  }
}

const detectors: [string, AnyDetector][] = [
  addressPoisoning,
  approvalBurst,
  flashLoan,
  freshContract,
  newCallPath,
  probing,
  reentrancy,
  replayedSignature,
  roundingLoop,
  roundTrip,
  testPayment,
].map((each) => [each.id, each as AnyDetector])
const groupSize = 40
const aloneSize = 10

const topBy = (addresses: readonly Address[], size: number): Address[] =>
  [...Map.groupBy(addresses, (address) => address)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, size)
    .map(([address]) => address)

/** Titles of what pages, with the contracts as one group and each of the first of them alone. */
function pagesOf(detector: AnyDetector, blocks: readonly Block[], busiest: readonly Address[]): string[] {
  const all = busiest.map((address, place) => contract(`busy${place}`, address))
  const groups = [all, ...all.slice(0, aloneSize).map((each) => [each])]
  return groups.flatMap((on) => {
    const watch = scene(detector, on, { world: new PoorWorld() })
    const claims = blocks.flatMap((block) => watch.judge(block).claims)
    const pages = ({ severity = detector.severity }: Claim) => severity === 'high' || severity === 'critical'
    return claims.filter(pages).map(({ title }) => title)
  })
}

describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const blocks = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const busiest = topBy(
    blocks.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address))),
    groupSize,
  )

  test.each(detectors)('%s pages nobody about the logs of the busiest contracts', (_, detector) => {
    expect(blocks.flatMap(({ transactions }) => transactions).length).toBeGreaterThan(1_000)
    expect(pagesOf(detector, blocks, busiest)).toEqual([])
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet traces', () => {
  const blocks = hasCorpus ? recordedTracedBlocks() : []
  const calls = blocks.flatMap(({ traces }) => [...traces!.values()].flatMap((trace) => (trace.ok ? trace.calls : [])))
  const called = calls.flatMap(({ to, input, kind }) => (to && input !== '0x' && kind === 'call' ? [to] : []))

  test.each(detectors)('%s pages nobody about the calls of the busiest contracts', (_, detector) => {
    expect(calls.length).toBeGreaterThan(10_000)
    expect(pagesOf(detector, blocks, topBy(called, groupSize))).toEqual([])
  })
})
