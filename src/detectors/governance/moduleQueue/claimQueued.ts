import { strangersText } from '../../../lib/strangersText.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import { claimOrder, shortId } from '../governance/claimOrders.ts'
import type { Risk, Weighing } from '../governance/risk.ts'
import type { ModuleLog } from './moduleLogs.ts'
import type { ModuleOrder } from './moduleOrders.ts'

const explanationMax = 300

const ways: Record<ModuleOrder['way'], string> = {
  delay: 'the owner of the module raises its nonce over it (setTxNonce), or disables who queued it',
  assertion: 'anybody disputes its assertion at the optimistic oracle, for the same bond, before the window ends',
}

/** What a module will do in the name of the account unless somebody stops it: told as a timelock's operations are. */
export function claimQueued(
  order: ModuleOrder,
  risk: Risk,
  { severity, account, weighing }: { severity: Severity; account: Address | null; weighing: Weighing },
): Claim[] {
  const { way, readyAt, explanation, isFalse, log, at, id } = order
  const more = {
    account,
    ...(readyAt !== null && { stoppableUntil: readyAt.toString() }),
    howToStop: ways[way],
    ...(explanation !== null && { explanation: strangersText(explanation, explanationMax) }),
  }
  const claims = claimOrder(order, risk, { severity, quorum: null, weighing }).map((claim) => ({
    ...claim,
    facts: { ...claim.facts, ...more },
  }))
  if (!isFalse) return claims
  const [first] = claims
  return [
    ...claims,
    {
      ...first!,
      key: `false hash ${log.position}`,
      address: account ?? at,
      title: `What ${weighing.show(at)} told of proposal ${shortId(id)} is not what its hash stands for: something else will be executed`,
      severity: 'critical',
      confidence: 'high',
    },
  ]
}

/** Reality modules write neither calls nor their hashes on the chain: somebody must look. */
export function claimQuestion(
  { log, values }: ModuleLog,
  account: Address | null,
  show: (address: Address) => string,
): Claim {
  const [questionId, proposalId] = values as [string, string]
  return {
    key: `question ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: log.address,
    title: `${show(log.address)} asks whether a vote outside the chain passed; what it would do${account ? ` for ${show(account)}` : ''} is not on the chain`,
    facts: {
      ...{ questionId, hashOfProposalId: proposalId, account },
      howToStop: 'answer the question at reality.eth with a higher bond, or mark the proposal invalid as its owner',
    },
    evidence: 'soft',
    confidence: 'low',
    severity: 'medium',
    group: `module question ${log.address} ${questionId}`,
  }
}
