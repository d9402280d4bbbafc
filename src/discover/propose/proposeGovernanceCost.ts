import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Proposal } from './proposal.ts'

/**
 * What it costs to decide alone, where a pool sells the votes of a governor: priced in the other coin of the pool, of which
 * the treasury may hold some.
 */
export function proposeGovernanceCost(contracts: readonly NamedFacts[]): Proposal[] {
  const at = (address: string | null | undefined) => contracts.find(({ facts }) => facts.address === address)
  return contracts.flatMap(({ name, facts }): Proposal[] => {
    if (!facts.governor) return []
    const votes = contracts.find(({ pointers }) =>
      pointers.some(({ from, where }) => from === facts.address && where === 'token()'),
    )
    const market = contracts.find(({ facts: { pair, pool } }) => {
      const sides = pair ?? pool
      return votes && (sides?.token0 === votes.facts.address || sides?.token1 === votes.facts.address)
    })
    const sides = market?.facts.pair ?? market?.facts.pool
    const both = sides && [at(sides.token0), at(sides.token1)]
    const decimals = both?.map((each) => each?.facts.token?.decimals ?? null)
    const other = both?.find((each) => each !== votes)
    if (!votes || !market || !other || !decimals || decimals.includes(null)) return []
    const timelock = at(facts.governor.timelock)
    return [
      {
        name: `${name}-cost`,
        use: 'governance-cost',
        on: [name, ...(timelock ? [timelock.name] : [])],
        options: {
          votes: `$${votes.name}`,
          decimals: votes.facts.token!.decimals,
          market: { [market.facts.pair ? 'pair' : 'pool']: `$${market.name}`, decimals },
          treasury: [{ token: `$${other.name}`, decimals: other.facts.token!.decimals, price: 1 }],
        },
        why: [
          `Whoever buys the quorum out of ${market.name} decides over the treasury: that should not pay.`,
          'Add what else the treasury holds, each with where its price comes from.',
        ],
      },
    ]
  })
}
