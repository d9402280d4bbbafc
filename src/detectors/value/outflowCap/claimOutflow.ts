import type { Address } from '../../../model/chain.ts'
import type { Claim, Measured } from '../../../model/finding.ts'
import type { Worth } from '../../prices/priceBook.ts'
import { showDollars } from '../../prices/showDollars.ts'
import { worthFacts } from '../../prices/worthFacts.ts'
import { showAmount, showPercent } from '../../tokens/amounts.ts'
import { showTokens } from '../../tokens/showTokens.ts'
import type { TokenLabel } from '../../tokens/tokenBook.ts'
import { type Flow, flowKey } from './blockFlows.ts'
import type { Crossing } from './crossings.ts'
import type { Ledger } from './ledger.ts'
import type { Cap, WindowName } from './options.ts'

const spans: Record<WindowName, string> = {
  transaction: 'in one transaction',
  block: 'in one block',
  '5m': 'within 5 minutes',
  '1h': 'within 1 hour',
  '24h': 'within 24 hours',
}

/** Alerts of one account and one token are one alert, whichever windows speak, and of whichever kinds of items. */
export const groupOf = (key: string): string => `outflow ${key.split(' ').slice(0, 2).join(' ')}`

/** An id that is no hash. */
const kindWords = (id: bigint | undefined): string => (id !== undefined && id < 1_000_000n ? ` no. ${id}` : '')

export function claimOutflow({
  flow,
  crossing: { cap, limit, sum, base, leg, episode, total },
  label,
  trusted,
  recipients,
  held,
  worth,
  leastUsd = 0,
  measured,
  evidence,
  net,
  show,
}: {
  flow: Flow
  crossing: Crossing
  label: TokenLabel
  trusted: boolean
  recipients: Ledger['recipients']
  /** Holdings before and after the block, where they could be read. */
  held: { before: bigint | null; after: bigint | null }
  worth: Worth
  /** What is worth less is not grave. */
  leastUsd: number | undefined
  measured: Measured
  evidence: Claim['evidence']
  net: boolean
  show(address: Address): string
}): Claim {
  const { account, token, standard } = flow
  const isFungible = standard === 'erc20' || standard === 'native'
  const decimals = isFungible ? (label.decimals ?? 0) : 0
  const dollars = 'dollars' in worth ? worth.dollars : null
  const amount = showTokens({ amount: sum, standard, token, label, show })
  const shown = `${amount}${kindWords(flow.id)}${sizeWords(base === null ? null : showPercent(sum, base), dollars)}`
  const [main] = recipients
  const mainly = main ? `, ${recipients.length > 1 ? 'mostly ' : ''}to ${show(main[0])}` : ''
  const name = `outflow ${flowKey(flow)} ${cap.window}`
  const span = spans[cap.window === 'transaction' && leg.transactionHash === null ? 'block' : cap.window]
  return {
    key: leg.transactionHash ? name : `${name} ${episode}`,
    ...(leg.transactionHash ? { transactionHash: leg.transactionHash } : { subject: `balance of ${account.address}` }),
    ...(leg.logIndex !== undefined && { logIndex: leg.logIndex }),
    address: account.address,
    title: `${shown} left ${account.name} ${span}${mainly}`,
    facts: {
      token,
      ...(flow.id !== undefined && { id: flow.id.toString() }),
      symbol: label.symbol,
      decimals: isFungible ? label.decimals : null,
      window: cap.window,
      outflow: sum.toString(),
      outflowShown: showAmount(sum, decimals),
      limit: limit.toString(),
      ...(total > sum && { outflowSinceReached: total.toString() }),
      net,
      cap: capWords(cap),
      ...(base !== null && { heldAtStart: base.toString(), share: showPercent(sum, base) }),
      ...(held.before !== null && { heldBefore: held.before.toString() }),
      ...(held.after !== null && { heldAfter: held.after.toString() }),
      ...worthFacts(worth),
      recipients: recipients.map(([to, amount]) => ({ to, amount })),
    },
    evidence,
    confidence: trusted ? 'high' : 'medium',
    group: groupOf(flowKey(flow)),
    ...(dollars !== null && dollars < leastUsd ? { severity: 'medium' as const } : { measured }),
  }
}

/** ` (5 %, ≈ $1.2 M)`; empty where neither is known. */
function sizeWords(share: string | null, dollars: number | null): string {
  const sizes = [share, dollars === null ? null : showDollars(dollars)].filter((size) => size !== null)
  return sizes.length > 0 ? ` (${sizes.join(', ')})` : ''
}

/** What the config allows: `5 % and 50000 units`. */
function capWords({ percent, amount }: Cap): string {
  const limits = [percent === undefined ? null : `${percent} %`, amount === undefined ? null : `${amount} units`]
  return limits.filter((limit) => limit !== null).join(' and ')
}
