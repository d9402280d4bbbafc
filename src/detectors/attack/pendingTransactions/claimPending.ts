import type { Address, Transaction } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Severity } from '../../../model/severity.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { lossFacts, showLoss } from '../lossWords.ts'
import type { LossAhead, LossSign } from './lossesAhead.ts'
import type { PowerAhead } from './powerAhead.ts'

type Words = {
  chainId: number
  criticalPercent: number
  show(address: Address): string
  /** Number of the newest block. */
  head: number
}

const signWords: Record<LossSign, string> = {
  repeated: 'the same sum several times',
  fresh: 'by a contract made just before',
  'more out than in': 'more than is put in along with it',
  'in and out': 'along with what is put in and taken out again',
  unbacked: 'with no shares given back for it',
}

/** Only one transaction of a sender with a nonce is ever mined. */
const groupOf = ({ from, nonce }: Transaction) => `pending ${from} ${nonce}`

const common = (transaction: Transaction, head: number) => ({
  transactionHash: transaction.hash,
  evidence: 'soft' as const,
  confidence: 'high' as const,
  group: groupOf(transaction),
  actors: [transaction.from, ...(transaction.to ? [transaction.to] : [])],
  facts: {
    sender: transaction.from,
    nonce: transaction.nonce,
    called: transaction.to,
    simulatedAt: String(head),
  },
})

export function claimLosses(losses: readonly LossAhead[], transaction: Transaction, words: Words): Claim[] {
  const [first] = losses
  if (!first) return []
  const { facts, ...rest } = common(transaction, words.head)
  const signs = [...new Set(losses.flatMap((loss) => loss.signs))]
  return [
    {
      ...rest,
      key: 'pending loss',
      address: first.address,
      title: `A pending transaction of ${words.show(transaction.from)} would take ${showLoss(first, words)} out of ${words.show(first.address)}, ${signs.map((sign) => signWords[sign]).join(', ')}`,
      facts: { ...facts, ...lossFacts(losses), signs },
      severity: severityOf(first, words.criticalPercent),
    },
  ]
}

/** As for what has happened: who puts in and takes out may be a borrower, and equal sums be those of equal claims. */
function severityOf({ signs, amount, held }: LossAhead, criticalPercent: number): Severity {
  const isLarge = held !== null && isPercentOf(amount, criticalPercent, held)
  if (signs.includes('fresh') || signs.includes('unbacked')) return isLarge || signs.length > 1 ? 'critical' : 'high'
  if (signs.includes('in and out') && isLarge) return 'high'
  return signs.includes('repeated') && (isLarge || signs.length > 1) ? 'high' : 'medium'
}

export function claimPower(power: readonly PowerAhead[], transaction: Transaction, words: Words): Claim[] {
  const { show, head } = words
  return power.slice(0, 4).map(({ address, what, before, next, wasFree }): Claim => {
    const { facts, ...rest } = common(transaction, head)
    const whom = wasFree ? 'nobody' : show(before)
    const does =
      what === 'code'
        ? `put the code of ${show(next)} behind ${show(address)}`
        : `hand ${show(address)} over from ${whom} to ${show(next)} as its ${what}`
    return {
      ...rest,
      key: `pending ${what} ${address}`,
      address,
      title: `A pending transaction of ${show(transaction.from)}, who has no say in it, would ${does}`,
      facts: { ...facts, what, before, next },
      severity: wasFree ? 'medium' : rest.actors.includes(next) ? 'critical' : 'high',
    }
  })
}
