import type { NamedFacts } from '../facts/nameContracts.ts'
import { inUse } from '../facts/pointersOf.ts'
import { priceViewsOf } from '../facts/standardSignatures.ts'
import type { Asked } from '../find/findAsked.ts'
import type { Proposal } from './proposal.ts'

const [valuesMax, askedMax] = [32, 16]

/**
 * Contracts that say what something is worth: by half or to twice as much within a block is a leap.
 * @param oracles Monitors of feeds: of what only follows a feed that leaps they tell.
 * @param asked What the contracts were seen to ask, by whatever name.
 */
export function proposePrices(
  contracts: readonly NamedFacts[],
  oracles: readonly Proposal[],
  asked: readonly Asked[] = [],
): Proposal[] {
  const tokens = contracts.filter(({ facts }) => facts.token?.standard === 'erc20')
  const feeds = oracles
    .filter(({ use }) => use === 'oracle-jump')
    .flatMap(({ options: { feeds: own } = {} }) => (own ?? []) as string[])
  const following = feeds.length > 0 ? { feeds } : {}
  const told = contracts.flatMap(({ name, facts }): Proposal[] => {
    const values = priceViewsOf(facts).flatMap(({ view, ofAsset }) =>
      ofAsset ? tokens.map((token) => `${view}($${token.name})`) : [`${view}()`],
    )
    if (values.length === 0) return []
    const why = [`What ${name} says something is worth decides what can be borrowed or withdrawn.`]
    const options = { values: values.slice(0, valuesMax), ...following }
    return [{ name: `${name}-prices`, use: 'value-jump', on: [name], options, why }]
  })
  const own = contracts.filter(({ role }) => role === 'protected')
  return [...told, ...own.flatMap((contract) => askedBy(contract, { contracts, asked, following }))]
}

/** What a contract asks of another whenever it is used, and nobody but who answers it moves. */
function askedBy(
  { name, facts }: NamedFacts,
  {
    contracts,
    asked,
    following,
  }: { contracts: readonly NamedFacts[]; asked: readonly Asked[]; following: Proposal['options'] },
): Proposal[] {
  const calls = asked.flatMap(({ from, to, call, isPrice }) => {
    const source = contracts.find((each) => each.facts.address === to)
    if (from !== facts.address || !isPrice || !source || restsOnPool(source, contracts)) return []
    // Of shares, and of what is known by its name, other monitors tell.
    if (source.facts.vault || priceViewsOf(source.facts).length > 0) return []
    return [{ in: `$${source.name}`, call }]
  })
  if (calls.length === 0) return []
  const why = [`${name} asks this whenever it is used, and lends or pays by the answer. It stood still of late.`]
  const options = { calls: calls.slice(0, askedMax), ...following }
  return [{ name: `${name}-asks`, use: 'value-jump', on: [name], options, why }]
}

/** Of what is taken from a pool at the moment other monitors tell. */
const restsOnPool = ({ facts }: NamedFacts, contracts: readonly NamedFacts[]): boolean =>
  Boolean(facts.pair || facts.pool) ||
  contracts.some(
    (each) =>
      (each.facts.pair || each.facts.pool) &&
      each.pointers.some(({ from, where }) => from === facts.address && where === inUse),
  )
