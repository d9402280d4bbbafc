import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'
import { priceViewsOf } from './standardSignatures.ts'

const valuesMax = 32

/**
 * Contracts that say what something is worth: by half or to twice as much within a block is a leap.
 * @param oracles Monitors of feeds: of what only follows a feed that leaps they tell.
 */
export function proposePrices(contracts: readonly NamedFacts[], oracles: readonly Proposal[]): Proposal[] {
  const tokens = contracts.filter(({ facts }) => facts.token?.standard === 'erc20')
  const feeds = oracles
    .filter(({ use }) => use === 'oracle-jump')
    .flatMap(({ options: { feeds: own } = {} }) => (own ?? []) as string[])
  return contracts.flatMap(({ name, facts }): Proposal[] => {
    const values = priceViewsOf(facts).flatMap(({ view, ofAsset }) =>
      ofAsset ? tokens.map((token) => `${view}($${token.name})`) : [`${view}()`],
    )
    if (values.length === 0) return []
    const why = [`What ${name} says something is worth decides what can be borrowed or withdrawn.`]
    const options = { values: values.slice(0, valuesMax), ...(feeds.length > 0 && { feeds }) }
    return [{ name: `${name}-prices`, use: 'value-jump', on: [name], options, why }]
  })
}
