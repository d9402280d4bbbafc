import { toFunctionSelector } from 'viem/utils'
import { topicOf } from '../../evm/ledger/tokenTransfers.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { hasFunction } from '../facts/standardSignatures.ts'
import { rulesOurs } from './isKin.ts'

/** As many tokens of one oracle as are looked at. */
const tokensMax = 24
const getter = 'getSourceOfAsset(address)'

type SourceLink = { in: string; what: string; call: string; far?: never; kin?: true }

/**
 * Where the oracle of a lending market takes the price of each token from: one that is pointed at a source of a thief's says
 * the same price at first. Only of oracles that are watched, or that belong to what is.
 */
export function sourceLinks(contracts: readonly NamedFacts[]): { link: SourceLink; why: string }[] {
  const tokens = contracts
    .filter(({ facts, pointers }) => facts.token?.standard === 'erc20' && pointers.some(isReserve))
    .slice(0, tokensMax)
  return contracts.flatMap((oracle) => {
    const isOwn = oracle.role === 'protected'
    if (!hasFunction(oracle.facts, getter) || !(isOwn || rulesOurs(oracle, contracts))) return []
    return tokens.map(({ name, facts }) => ({
      link: {
        in: `$${oracle.name}`,
        what: `price source of ${name}`.slice(0, 60),
        call: `${toFunctionSelector(getter)}${topicOf(facts.address).slice(2)}`,
        ...(!isOwn && { kin: true as const }),
      },
      why: `${oracle.name}: it takes the price of ${name} from one source (getSourceOfAsset).`,
    }))
  })
}

/** What a market lends. */
const isReserve = ({ name }: { name: string | null }) => name === 'reserve'
