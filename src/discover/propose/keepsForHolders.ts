import type { NamedFacts } from '../facts/nameContracts.ts'

/**
 * Whether a token keeps something for those who hold it: coins, or another token that it names. Who burns it well is paid, as
 * out of a vault, and what can be got of a vault by a trick can be got of it.
 */
export function keepsForHolders({ facts }: NamedFacts, contracts: readonly NamedFacts[]): boolean {
  const { address, token, vault, pair, balance } = facts
  if (token?.standard !== 'erc20' || vault || pair) return false
  const isNamed = ({ facts: other, pointers }: NamedFacts) =>
    other.address !== address &&
    (other.token?.standard === 'erc20' || other.vault !== undefined) &&
    pointers.some(({ from, kind }) => from === address && kind !== 'power')
  return (balance ?? 0n) > 0n || contracts.some(isNamed)
}
