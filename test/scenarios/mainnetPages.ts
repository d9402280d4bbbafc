import { plugIns } from '../../src/app/plugIns.ts'
import type { Address, Block } from '../../src/model/chain.ts'
import type { AnyDetector } from '../../src/model/detector.ts'
import type { Read, ReadResult } from '../../src/model/read.ts'
import { compareSeverity } from '../../src/model/severity.ts'
import { corpusReceiptBlocks, recordedTraces } from '../harness/corpus.ts'
import { recordedTraceBlock } from '../harness/recordedTraceBlock.ts'
import { contract, modelBlock, scene, World, word } from '../harness/scene.ts'

/** What a detector with its default options would have paged for in recorded mainnet blocks. */
export type MainnetPages = { detector: string; transactions: number; pages: string[] }

/** State was not recorded. Everybody is taken to have lost all there was, so that whatever left looks like everything. */
class PoorWorld extends World {
  override answer(read: Read): ReadResult {
    const isBalance = read.kind === 'balance' || (read.kind === 'call' && read.data.startsWith('0x70a08231'))
    return isBalance ? { ok: true, data: word(read.at === 'parent' ? 1n : 0n) } : super.answer(read)
  }
}

/** Detectors of which these blocks say nothing, and why. Those that need options are left out as well. */
export const leftOut: Readonly<Record<string, string>> = {
  'outflow-cap': 'it goes by size alone, which without holdings means nothing',
  'unusual-outflow': 'it learns for a month before it speaks',
  ...Object.fromEntries(
    ['backing', 'oracle-bounds', 'oracle-config', 'oracle-jump', 'oracle-stale', 'pauser-health'].map((id) => [
      id,
      'it reads state, which was not recorded',
    ]),
  ),
}
const busiestMax = 10

/** The detectors that need no options, each in front of the ten busiest contracts, as a group and one by one. */
export function mainnetPages(): MainnetPages[] {
  const [logged, traced] = [corpusReceiptBlocks().map(modelBlock), recordedTraces().map(recordedTraceBlock)]
  const emitters = logged.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address)))
  const called = traced.flatMap(({ traces }) =>
    [...traces!.values()].flatMap((trace) =>
      trace.ok ? trace.calls.flatMap(({ to, kind }) => (to && kind === 'call' ? [to] : [])) : [],
    ),
  )
  const transactions = [...logged, ...traced].reduce((sum, block) => sum + block.transactions.length, 0)
  return [...plugIns.detectors.values()]
    .filter(({ id, when, options }) => when !== 'required' && !(id in leftOut) && options.safeParse({}).success)
    .map((detector) => ({
      detector: detector.id,
      transactions,
      pages: [...pagesOf(detector, logged, busiest(emitters)), ...pagesOf(detector, traced, busiest(called))],
    }))
}

function busiest(addresses: readonly Address[]): Address[] {
  return [...Map.groupBy(addresses, (address) => address)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, busiestMax)
    .map(([address]) => address)
}

function pagesOf(detector: AnyDetector, blocks: readonly Block[], addresses: readonly Address[]): string[] {
  const all = addresses.map((address, place) => contract(`busy${place}`, address))
  return [all, ...all.map((each) => [each])].flatMap((on) => {
    const watch = scene(detector, on, { world: new PoorWorld() })
    const claims = blocks.flatMap((block) => watch.judge(block).claims)
    const graver = claims.filter(({ severity }) => compareSeverity(severity ?? detector.severity, 'high') >= 0)
    return graver.map(({ title }) => title)
  })
}
