import type { Block } from '../model/chain.ts'
import { selfFinding } from './selfFinding.ts'
import type { Sighted } from './toFinding.ts'

/** Says that something in a block could not be read, so that nobody takes it for silence. */
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
    title: `Block ${block.number} of ${chain.name} holds data that no provider gives readably: ${faults[0]}`,
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
