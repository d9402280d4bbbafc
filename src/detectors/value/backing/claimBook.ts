import { groupDigits } from '../../../lib/factWords.ts'
import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { showPercent } from '../../tokens/amounts.ts'
import { transactionsTouching } from '../../transactionsTouching.ts'
import type { Book } from './book.ts'
import type { Verdict } from './judgeBook.ts'

const counted = (units: bigint): string => groupDigits(String(units))

export function claimBook({
  target: { address, name },
  before,
  after,
  verdict: { what, part, whole, severity, evidence },
  observation,
  isOfBlock,
  episode,
  show,
}: {
  target: Contract
  before: Book
  after: Book
  verdict: Verdict
  observation: Observation
  /** Whether `before` was read after the parent block, and not some blocks ago. */
  isOfBlock: boolean
  episode: number
  show(address: Address): string
}): Claim {
  const suspects = isOfBlock ? transactionsTouching(observation, address) : []
  const only = suspects.length === 1 ? suspects[0] : undefined
  const called = after.name.replace(/0x[0-9a-f]{40}/, (found) => show(found as Address))
  const share = whole > 0n ? showPercent(part, whole) : 'everything'
  const when = only ? 'in one transaction' : isOfBlock ? 'in one block' : 'since it was last looked at'
  return {
    key: only ? `backing ${address} ${after.name}` : `backing ${after.name} ${episode}`,
    ...(only ? { transactionHash: only.hash } : { subject: `backing of ${address}` }),
    address,
    title:
      what === 'inflated'
        ? `${name} was blown up: ${counted(after.backing)} base units stand behind only ${counted(after.claims)} of its ${called}`
        : `${name}: ${share} ${what === 'fell' ? 'less' : 'more'} than before stands behind its ${called}, ${when}`,
    facts: {
      book: after.name,
      change: what,
      share,
      claimsBefore: String(before.claims),
      claimsAfter: String(after.claims),
      backingBefore: String(before.backing),
      backingAfter: String(after.backing),
      ...(only && { sender: only.from, to: only.to }),
      transactions: suspects.slice(0, 8).map(({ hash }) => hash),
    },
    evidence,
    severity,
    confidence: evidence === 'hard' ? 'high' : 'medium',
  }
}
