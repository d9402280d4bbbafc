import type { Address, Call } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation, Outcome } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { numberOf } from '../../tokens/balances.ts'
import type { Balance } from '../losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from '../lossWords.ts'

/** A question that one of ours asked in the middle of a call, and the outside code that led it there. */
type View = { inner: Call; stranger: Address }
/** What it was told, and what is so before and after the block. */
export type Misread = View & { told: bigint; before: bigint; after: bigint }

/** So many percent beyond both: what was told was true at no other moment. */
const percentMin = 10n
/** Of what was held: what makes a proved loss critical. */
const largePercent = 5

const ask = ({ to, input }: Call, at: Read['at']): Read => ({ kind: 'call', at, to: to!, data: input })

export const readsOfViews = (views: readonly View[]): Read[] =>
  views.flatMap(({ inner }) => [ask(inner, 'parent'), ask(inner, 'block')])

/** The first answer that was true at no other moment; null: there is none, or nobody tells what was answered. */
export function misreadIn(
  views: readonly View[],
  { observation: { state }, blind }: { observation: Pick<Observation, 'state'>; blind: Set<string> },
): Misread | null {
  for (const view of views) {
    const told = numberOf(view.inner.output)
    const [before, after] = (['parent', 'block'] as const).map((at) => {
      const answer = state(ask(view.inner, at))
      if (!answer.ok && !answer.reverted)
        blind.add(`What ${view.inner.to} answers outside of a call could not be read: ${answer.reason}`)
      return answer.ok ? numberOf(answer.data) : null
    })
    if (told === null || before == null || after == null) continue
    const [least, most] = before < after ? [before, after] : [after, before]
    const isFalse = told * 100n > most * (100n + percentMin) || told * 100n < least * (100n - percentMin)
    if (least > 0n && isFalse) return { ...view, told, before, after }
  }
  return null
}

/** One of ours gave something away by an answer that somebody made false for a moment. */
export function claimMisread(
  { inner, stranger, told, before, after }: Misread,
  {
    outcome: { transaction },
    balance: { losses },
    ...words
  }: { outcome: Outcome; balance: Balance; chainId: number; show(address: Address): string },
): Claim {
  const [first, ...others] = byShare(losses)
  const { show } = words
  const factor = (told * 100n) / before
  return {
    key: 'reentrancy',
    transactionHash: transaction.hash,
    address: inner.from,
    title: `${show(inner.from)} asked ${show(inner.to!)} in the middle of a call, led there by ${show(stranger)}, was told ${factor} % of what is true before it, and ${showLoss(first!, words)} was paid`,
    facts: {
      ...{
        kind: 'view',
        sender: transaction.from,
        caller: stranger,
        asked: inner.to,
        question: inner.input.slice(0, 10),
      },
      ...{ told: String(told), before: String(before), after: String(after) },
      ...lossFacts([first!, ...others]),
    },
    evidence: first!.confirmed ? 'hard' : 'soft',
    severity: isLarge(first!, largePercent) ? 'critical' : 'high',
  }
}
