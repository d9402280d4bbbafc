import { describe, expect, test } from 'vitest'
import { busiest } from '../../../test/harness/busiest.ts'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { PoorWorld } from '../../../test/harness/poorWorld.ts'
import { recordedTracedBlocks } from '../../../test/harness/recordedTracedBlocks.ts'
import { contract, modelBlock, scene } from '../../../test/harness/scene.ts'
import type { Address, Block } from '../../model/chain.ts'
import type { AnyDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import { clusterProfit } from '../value/clusterProfit.ts'
import { testPayment } from '../value/testPayment.ts'
import { unpaidDeposit } from '../value/unpaidDeposit.ts'
import { addressPoisoning } from './addressPoisoning.ts'
import { allowanceMisuse } from './allowanceMisuse.ts'
import { approvalBurst } from './approvalBurst.ts'
import { flashLoan } from './flashLoan.ts'
import { freshContract } from './freshContract.ts'
import { missingSignature } from './missingSignature.ts'
import { newCallPath } from './newCallPath.ts'
import { openPayment } from './openPayment.ts'
import { probing } from './probing.ts'
import { reentrancy } from './reentrancy.ts'
import { repeatedClaim } from './repeatedClaim.ts'
import { replayedSignature } from './replayedSignature.ts'
import { roundingLoop } from './roundingLoop.ts'
import { roundTrip } from './roundTrip.ts'

const detectors: [string, AnyDetector][] = [
  addressPoisoning,
  allowanceMisuse,
  approvalBurst,
  clusterProfit,
  flashLoan,
  freshContract,
  missingSignature,
  newCallPath,
  openPayment,
  probing,
  reentrancy,
  repeatedClaim,
  replayedSignature,
  roundingLoop,
  roundTrip,
  testPayment,
  unpaidDeposit,
].map((each) => [each.id, each as AnyDetector])
const groupSize = 40
const aloneSize = 10

/** Titles of what pages, with the contracts as one group and each of the first of them alone. */
function pagesOf(detector: AnyDetector, blocks: readonly Block[], addresses: readonly Address[]): string[] {
  const all = addresses.map((address, place) => contract(`busy${place}`, address))
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
  const emitting = busiest(
    blocks.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address))),
    groupSize,
  )

  test.each(detectors)('%s pages nobody about the logs of the busiest contracts', (_, detector) => {
    expect(blocks.flatMap(({ transactions }) => transactions).length).toBeGreaterThan(1_000)
    expect(pagesOf(detector, blocks, emitting)).toEqual([])
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet traces', () => {
  const blocks = hasCorpus ? recordedTracedBlocks() : []
  const calls = blocks.flatMap(({ traces }) => [...traces!.values()].flatMap((trace) => (trace.ok ? trace.calls : [])))
  const called = calls.flatMap(({ to, input, kind }) => (to && input !== '0x' && kind === 'call' ? [to] : []))

  test.each(detectors)('%s pages nobody about the calls of the busiest contracts', (_, detector) => {
    expect(calls.length).toBeGreaterThan(10_000)
    expect(pagesOf(detector, blocks, busiest(called, groupSize))).toEqual([])
  })
})
