import { pricingOf } from '../detectors/prices/pricingOf.ts'
import type { TokenPrice } from '../detectors/prices/tokenPrice.ts'
import type { Contract } from '../model/contract.ts'
import { KnownError } from '../model/error.ts'
import type { Pricing } from '../model/pricing.ts'
import type { KnownContract } from './contractsOf.ts'
import type { Sections } from './parseSections.ts'
import type { Path } from './readYaml.ts'
import type { Report } from './report.ts'

/** Gives the contracts of the config the prices that it names for them, which may come from others of them. */
export function addPrices(given: Sections, contracts: readonly KnownContract[], report: Report): void {
  for (const { contract } of contracts) {
    const listed = given.contracts.entries[contract.name]?.prices
    if (!listed || !contract.chain) continue
    const place = placeOf(contract.chain, given, contracts)
    contract.prices = pricingsOf(listed, place, ['contracts', contract.name, 'prices'], report)
  }
}

/** How the own coin of a chain is priced; nothing where the config does not say. */
export function chainPricesOf(
  name: string,
  given: Sections,
  contracts: readonly KnownContract[],
  report: Report,
): { prices?: Pricing[] } {
  const listed = given.chains.entries[name]?.prices
  if (!listed) return {}
  return { prices: pricingsOf(listed, placeOf(name, given, contracts), ['chains', name, 'prices'], report) }
}

type Place = { names: ReadonlyMap<string, Contract>; chain: { name: string; id: number } }

function placeOf(chain: string, { chains }: Sections, contracts: readonly KnownContract[]): Place {
  const near = contracts.filter(({ contract, isWrong }) => contract.chain === chain || isWrong)
  const names = new Map(near.map(({ contract }) => [contract.name, contract]))
  return { names, chain: { name: chain, id: chains.entries[chain]?.id ?? 0 } }
}

function pricingsOf(listed: readonly TokenPrice[], place: Place, path: Path, report: Report): Pricing[] {
  return listed.flatMap((source, index) => {
    try {
      return [pricingOf(source, place)]
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      report([...path, index], error.message, error.hints.join(' '))
      return []
    }
  })
}
