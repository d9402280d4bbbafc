import type { Address, Block } from '../../src/model/chain.ts'
import type { AnyDetector } from '../../src/model/detector.ts'
import type { Json } from '../../src/model/finding.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { Read } from '../../src/model/read.ts'
import { compareSeverity } from '../../src/model/severity.ts'
import { createDispatchIndex } from '../../src/watch/dispatchIndex.ts'
import { contract, type World } from './scene.ts'
import { monitor } from './watchScene.ts'

/** A detector with the options that somebody would give around these contracts. */
export type Posted = { detector: AnyDetector; options?: object }

/** What detectors would page for in these blocks, each by one monitor for every group of contracts, as if each were ours. */
export function pagesAround(
  posted: readonly Posted[],
  groups: readonly (readonly Address[])[],
  blocks: readonly Block[],
  world: World & { enter?(place: number): void },
): string[] {
  const monitors = groups.flatMap((group) => posted.map((each) => monitorOf(each, group)))
  const index = createDispatchIndex(monitors)
  const memories = new Map(monitors.map((each) => [each, new Map<string, Json>()]))
  const pages: string[] = []
  for (const [place, block] of blocks.entries()) {
    world.enter?.(place)
    for (const [each, hits] of index.match(block)) {
      const memory = memories.get(each)!
      const { logs, outcomes, ticked } = hits
      const view: Omit<Observation, 'state'> = { kind: 'block', block, logs, outcomes, ticked }
      each.watch.reads?.(view, memory)
      const { claims = [], memory: changed = {} } = each.watch.detect(
        { ...view, state: (read: Read) => world.answer(read) },
        memory,
      )
      for (const [key, value] of Object.entries(changed)) {
        if (value === null) memory.delete(key)
        else memory.set(key, value)
      }
      for (const { severity = each.severity, title, transactionHash = '' } of claims) {
        if (compareSeverity(severity, 'high') >= 0) pages.push(`${each.detector} in ${transactionHash}: ${title}`)
      }
    }
  }
  return pages
}

function monitorOf({ detector, options = {} }: Posted, group: readonly Address[]): Monitor {
  const targets = group.map((address, place) => contract(`busy${place}`, address))
  const watch = detector.compile({
    options: detector.options.parse(options),
    targets,
    when: undefined,
    names: new Map(targets.map((each) => [each.name, each])),
    chain: { name: 'testnet', id: 31337 },
  })
  const { id, severity } = detector
  return monitor(`${id} ${group.join()}`, watch, { detector: id, severity })
}
