import type { Address } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { type PriceReader, priceOf, readerOf } from '../../prices/priceSource.ts'
import { nativeBalance, readAmount, tokenBalance } from '../../tokens/balances.ts'
import { resolveToken } from '../../tokens/tokenOption.ts'
import type { GovernanceCostOptions } from './options.ts'

type Holding = { name: string; decimals: number; read: Read; price: PriceReader | null }
export type Treasury = { reads: readonly Read[]; worthIn(observation: Observation): { worth: number; blind: string[] } }

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function treasuryOf(
  { treasury }: GovernanceCostOptions,
  holder: Address,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Treasury {
  const holdings = treasury.map(({ token: text, decimals, price }): Holding => {
    const token = resolveToken(text, assignment)!
    return {
      name: text.replace(/^\$/, ''),
      decimals: token === 'native' ? 18 : decimals,
      read: token === 'native' ? nativeBalance(holder, 'block') : tokenBalance(token, holder, 'block'),
      price: price === 1 ? null : readerOf(price, assignment),
    }
  })
  return {
    reads: holdings.flatMap(({ read, price }) => [read, ...(price ? [price.read] : [])]),
    worthIn(observation) {
      const blind: string[] = []
      const worth = holdings.reduce((sum, { name, decimals, read, price }) => {
        const { amount } = readAmount(observation, read)
        if (amount === null) blind.push(`What the treasury holds of ${name} could not be read`)
        if (!amount) return sum
        const log = price ? priceOf(price, observation.state(price.read)) : 0
        if (log === null) blind.push(`The price of ${name} in ${price!.name} could not be read: it is not counted`)
        return log === null ? sum : sum + (Number(amount) / 10 ** decimals) * Math.exp(log)
      }, 0)
      return { worth, blind }
    },
  }
}
