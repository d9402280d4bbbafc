import { hash } from '../lib/hash.ts'
import { plainText } from '../lib/plainText.ts'
import type { BlockHeader } from '../model/chain.ts'
import type { Claim, Finding, Sighting } from '../model/finding.ts'
import type { Monitor } from '../model/monitor.ts'
import { plainFacts } from './plainFacts.ts'

/** `claim`: what of the claim is not kept, for those who weigh the monitor and not the finding. */
export type Sighted = { finding: Finding; sighting: Sighting; claim?: Pick<Claim, 'measured' | 'severity'> }

const titleMax = 300

/** Key of the alert that findings of a group join. */
export function alertKeyOf(monitor: Monitor, group: string): string {
  return hash('alert', monitor.name, monitor.chainId, group)
}

/** Gives a claim its identity, which rests on nothing that a reorg changes. */
export function findingOf(monitor: Monitor, claim: Claim): Finding {
  const subject = claim.transactionHash ?? claim.subject ?? ''
  return {
    id: hash('finding', monitor.name, monitor.chainId, subject, claim.key),
    monitor: monitor.name,
    detector: monitor.detector,
    chainId: monitor.chainId,
    severity: claim.severity ?? monitor.severity,
    confidence: claim.confidence ?? 'medium',
    evidence: claim.evidence,
    title: plainText(claim.title, titleMax),
    address: claim.address,
    transactionHash: claim.transactionHash ?? null,
    facts: plainFacts(claim.facts),
    alertKey: alertKeyOf(monitor, claim.group ?? claim.address),
  }
}

/** A claim about a block. */
export function toFinding(
  monitor: Monitor,
  claim: Claim,
  block: Pick<BlockHeader, 'number' | 'hash' | 'timestamp'>,
): Sighted {
  const finding = findingOf(monitor, claim)
  const sighting: Sighting = {
    findingId: finding.id,
    chainId: monitor.chainId,
    blockNumber: block.number,
    blockHash: block.hash,
    timestamp: block.timestamp,
    logIndex: claim.logIndex ?? null,
  }
  const { measured, severity } = claim
  const kept = { ...(measured && { measured }), ...(severity && { severity }) }
  return { finding, sighting, ...((measured ?? severity) && { claim: kept }) }
}
