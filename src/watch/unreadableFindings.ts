import type { Block } from '../model/chain.ts'
import { selfFinding } from './selfFinding.ts'
import type { Sighted } from './toFinding.ts'

/** Says that something in a block could not be read or believed, so that nobody takes it for silence. */
export function unreadableFindings(
  chain: { id: number; name: string },
  block: Block,
  faults: readonly string[],
): Sighted[] {
  if (faults.length === 0) return []
  const finding = selfFinding({
    chainId: chain.id,
    trouble: 'unreadable data',
    episode: block.hash,
    title: `No provider gives block ${block.number} of ${chain.name} without a fault: ${faults[0]}`,
    severity: 'high',
    facts: Object.fromEntries(faults.slice(0, 10).map((fault, index) => [`fault ${index + 1}`, fault])),
  })
  const { number: blockNumber, hash: blockHash, timestamp } = block
  return [
    {
      finding,
      sighting: { findingId: finding.id, chainId: chain.id, blockNumber, blockHash, timestamp, logIndex: null },
    },
  ]
}
