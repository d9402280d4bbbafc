import { nativeSymbol } from '../../evm/nativeSymbol.ts'
import type { Address } from '../../model/chain.ts'
import type { Json } from '../../model/finding.ts'
import { isPercentOf, showAmount, showPercent } from '../tokens/amounts.ts'
import { showToken } from '../tokens/showToken.ts'
import type { Loss } from './losses.ts'

/** The gravest first: by the share of what was held. */
export function byShare(losses: readonly Loss[]): Loss[] {
  const parts = ({ amount, held }: Loss) => (held === null || held === 0n ? 0n : (amount * 10_000n) / held)
  return losses.toSorted((a, b) => (parts(b) > parts(a) ? 1 : -1))
}

export const isLarge = ({ amount, held, confirmed }: Loss, percent: number): boolean =>
  confirmed && held !== null && held > 0n && isPercentOf(amount, percent, held)

/** As a title shows it: `12.5 ETH (40 %)`; in base units where the token does not tell its decimals. */
export function showLoss(
  { token, decimals, amount, held }: Loss,
  { chainId, show }: { chainId: number; show(address: Address): string },
): string {
  const name = showToken(token, show, token === 'native' ? nativeSymbol(chainId) : null)
  const shown =
    decimals === null ? `${showAmount(amount, 0)} base units of ${name}` : `${showAmount(amount, decimals)} ${name}`
  return held === null || held === 0n ? shown : `${shown} (${showPercent(amount, held)})`
}

const lossesMax = 8

export function lossFacts(losses: readonly Loss[]): Record<string, Json> {
  if (losses.length === 0) return {}
  return {
    losses: losses.slice(0, lossesMax).map(({ token, decimals, amount, held, confirmed }) => ({
      ...{ token, amount: amount.toString(), confirmed },
      ...(decimals !== null && { decimals }),
      ...(held !== null && { held: held.toString(), share: showPercent(amount, held) }),
    })),
  }
}
