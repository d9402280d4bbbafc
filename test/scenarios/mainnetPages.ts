import { plugIns } from '../../src/app/plugIns.ts'
import type { Address, Block } from '../../src/model/chain.ts'
import type { AnyDetector } from '../../src/model/detector.ts'
import { type Read, readKey } from '../../src/model/read.ts'
import { compareSeverity } from '../../src/model/severity.ts'
import { createDispatchIndex } from '../../src/watch/dispatchIndex.ts'
import { judgeBlock } from '../../src/watch/judgeBlock.ts'
import { createMonitorMemory } from '../../src/watch/monitorMemory.ts'
import { busiest } from '../harness/busiest.ts'
import { corpusReceiptBlocks } from '../harness/corpus.ts'
import { PoorWorld } from '../harness/poorWorld.ts'
import { presetMonitors } from '../harness/presetMonitors.ts'
import { answeredTracedBlocks, recordedTracedBlocks } from '../harness/recordedTracedBlocks.ts'
import { contract, modelBlock, scene, word } from '../harness/scene.ts'

/** What a detector with its default options would have paged for in recorded mainnet blocks. */
export type MainnetPages = { detector: string; transactions: number; pages: string[] }

/** Detectors of which these blocks say nothing, and why. Those that need options are left out as well. */
export const leftOut: Readonly<Record<string, string>> = {
  'outflow-cap': 'it goes by size alone, which without holdings means nothing',
  'attack-signs': 'it joins what the others find',
  'unusual-outflow': 'it learns for a month before it speaks',
  ...Object.fromEntries(
    ['backing', 'oracle-bounds', 'oracle-config', 'oracle-jump', 'oracle-stale', 'pauser-health'].map((id) => [
      id,
      'it reads state, which was not recorded',
    ]),
  ),
}
const busiestMax = 10

type Traffic = { blocks: readonly Block[]; busiest: readonly Address[] }

/** Blocks with logs, and blocks with calls, each with the ten contracts that are busiest in them. */
function recordedTraffic(): Traffic[] {
  const logged = corpusReceiptBlocks().map(modelBlock)
  const emitters = logged.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address)))
  return [
    { blocks: logged, busiest: busiest(emitters, busiestMax) },
    ...[recordedTracedBlocks(), answeredTracedBlocks()].map((blocks) => ({
      blocks,
      busiest: busiest(calledIn(blocks), busiestMax),
    })),
  ]
}

const calledIn = (blocks: readonly Block[]): Address[] =>
  blocks.flatMap(({ traces }) =>
    [...traces!.values()].flatMap((trace) =>
      trace.ok ? trace.calls.flatMap(({ to, kind }) => (to && kind === 'call' ? [to] : [])) : [],
    ),
  )

/** The detectors that need no options, each in front of the ten busiest contracts, as a group and one by one. */
export function mainnetPages(): MainnetPages[] {
  const traffic = recordedTraffic()
  const transactions = traffic
    .flatMap(({ blocks }) => blocks)
    .reduce((sum, block) => sum + block.transactions.length, 0)
  return [...plugIns.detectors.values()]
    .filter(({ id, when, options }) => when !== 'required' && !(id in leftOut) && options.safeParse({}).success)
    .map((detector) => ({
      detector: detector.id,
      transactions,
      pages: traffic.flatMap((each) => pagesOf(detector, each.blocks, each.busiest)),
    }))
}

/** What all detectors together say when their signs are joined, around the ten busiest contracts. */
export async function joinedPages(): Promise<{ signs: number; titles: string[] }> {
  let signs = 0
  const titles: string[] = []
  for (const { blocks, busiest: addresses } of recordedTraffic()) {
    // The map of the presets says that the second of them owns the first: here nobody has changed that.
    const world = new PoorWorld().set(`call ${addresses[0]} 0x8da5cb5b`, word(addresses[1]!)).settle()
    const readState = async (_: Block, reads: readonly Read[]) =>
      new Map(reads.map((read) => [readKey(read), world.answer(read)]))
    const { monitors } = presetMonitors(addresses, { traces: true })
    const memory = createMonitorMemory([])
    const readers = { index: createDispatchIndex(monitors), memory, readState }
    for (const block of blocks) {
      const judgement = await judgeBlock(readers, block)
      memory.apply(judgement.memory)
      for (const { finding } of judgement.sighted) {
        if (finding.detector === 'attack-signs') titles.push(finding.title)
        else signs += 1
      }
    }
  }
  return { signs, titles }
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
