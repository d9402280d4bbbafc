import type { Block } from '../../src/model/chain.ts'
import type { Watch } from '../../src/model/detector.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { type Read, type ReadResult, readKey } from '../../src/model/read.ts'
import { createDispatchIndex } from '../../src/watch/dispatchIndex.ts'
import { judgeBlock } from '../../src/watch/judgeBlock.ts'
import { createMonitorMemory } from '../../src/watch/monitorMemory.ts'
import { log, block as serveBlock, tx } from './node/block.ts'
import { modelBlock } from './scene.ts'
import { claimOf, vault } from './watchScene.ts'

export const blockWith = (...logs: ReturnType<typeof log>[]): Block =>
  modelBlock(serveBlock({ transactions: [tx({ logs })] }))
/** A block with one log of the vault. */
export const one = blockWith(log({ address: vault }))
export const everything: Watch['interests'] = [{ kind: 'log', addresses: [vault] }]
export const saying = (detect: Watch['detect'], rest: Partial<Watch> = {}): Watch => ({
  interests: everything,
  detect,
  ...rest,
})
export const claiming = (...groups: string[]) =>
  saying(({ logs }) => ({ claims: groups.map((group) => claimOf(logs[0]!, { key: group, group })) }))

type State = (reads: readonly Read[]) => Map<string, ReadResult>
const five: State = (reads) => new Map(reads.map((read) => [readKey(read), { ok: true, data: '0x05' }]))

/** What monitors without a past say of a block, in which every question is answered by five, if by nothing else. */
export async function judge(monitors: Monitor[], block = one, state: State = five) {
  const asked: Read[][] = []
  const readState = async (_: Block, reads: readonly Read[]) => {
    asked.push([...reads])
    return state(reads)
  }
  const memory = createMonitorMemory([])
  const judgement = await judgeBlock({ index: createDispatchIndex(monitors), memory, readState }, block)
  const blind = Object.fromEntries([...judgement.blind].map(([{ name }, reason]) => [name, reason]))
  return { ...judgement, blind, asked, names: judgement.sighted.map(({ finding }) => finding.monitor) }
}
