import { toFunctionSelector } from 'viem/utils'
import { describe, expect, test } from 'vitest'
import { busiest } from '../../../test/harness/busiest.ts'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { PoorWorld } from '../../../test/harness/poorWorld.ts'
import { recordedTracedBlocks } from '../../../test/harness/recordedTracedBlocks.ts'
import { contract, modelBlock, scene } from '../../../test/harness/scene.ts'
import type { Address, Block } from '../../model/chain.ts'
import { keySettings } from './keySettings.ts'
import { unseenCode } from './unseenCode.ts'

type Judged = Parameters<typeof scene>[0]

/** Titles of what pages about contracts as one group and each of the first of them alone. */
function pagesOf(detector: Judged, options: object, blocks: readonly Block[], addresses: readonly Address[]): string[] {
  const all = addresses.map((address, place) => contract(`busy${place}`, address))
  return [all, ...all.slice(0, 10).map((each) => [each])].flatMap((on) => {
    const watch = scene(detector, on, { options, world: new PoorWorld() })
    const claims = blocks.flatMap((block) => watch.judge(block).claims)
    return claims.filter(({ severity = 'high' }) => severity === 'high').map(({ title }) => title)
  })
}

const selectors = (...signatures: string[]) => signatures.map((each) => toFunctionSelector(each))
const settings = {
  values: selectors('merkleRoot()', 'treasury()', 'feeRecipient()', 'beneficiary()'),
  lists: selectors('peers(uint32)'),
}

describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const blocks = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const emitters = blocks.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address)))

  test('key-settings pages nobody about the busiest contracts', () => {
    expect(pagesOf(keySettings, settings, blocks, busiest(emitters, 40))).toEqual([])
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet traces', () => {
  const blocks = hasCorpus ? recordedTracedBlocks() : []
  const calls = blocks.flatMap(({ traces }) => [...traces!.values()].flatMap((trace) => (trace.ok ? trace.calls : [])))
  const running = calls.flatMap(({ from, kind }) => (kind === 'delegatecall' ? [from] : []))

  test('unseen-code pages nobody about those that run most code of others', () => {
    expect(running.length).toBeGreaterThan(1_000)
    expect(pagesOf(unseenCode, {}, blocks, busiest(running, 40))).toEqual([])
  })
})
