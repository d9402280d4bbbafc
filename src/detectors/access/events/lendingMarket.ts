import type { Address } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent } from '../privilegedEvent.ts'

const standard = 'Aave v3'
const nobody: Address = `0x${'0'.repeat(40)}`

/** What the configurator of a lending market tells that stops a reserve, or has others say what it is worth or costs. */
export const lendingMarketEvents: readonly PrivilegedEvent[] = [
  ...(['Paused', 'Frozen'] as const).map((how) =>
    privilegedEvent<[Address, boolean]>(`event Reserve${how}(address indexed asset, bool on)`, {
      ...{ standard, kind: 'pause' },
      tell: ([asset, on], { name, show }) => ({
        title: `The reserve of ${show(asset)} was ${on ? '' : 'un'}${how.toLowerCase()} in ${name}`,
        facts: { asset, paused: on },
        severity: 'medium',
      }),
    }),
  ),
  privilegedEvent<[Address, Address, Address]>(
    'event ReserveInterestRateStrategyChanged(address indexed asset, address oldStrategy, address newStrategy)',
    {
      ...{ standard, kind: 'upgrade' },
      tell: ([asset, old, to], { name, show }) => ({
        title: `What loans of ${show(asset)} cost in ${name} is worked out by ${show(to)} from now on`,
        facts: { asset, old, new: to },
        severity: 'medium',
      }),
    },
  ),
  privilegedEvent<[bigint, bigint, bigint, bigint, Address, string]>(
    'event EModeCategoryAdded(uint8 indexed categoryId, uint256 ltv, uint256 liquidationThreshold, uint256 liquidationBonus, address oracle, string label)',
    {
      ...{ standard, kind: 'authority' },
      tell: ([category, loan, sale, , oracle], { name, show }) => ({
        title: `Category ${category} of ${name} lends ${loan} of 10,000 against a pledge${oracle === nobody ? '' : `, at a price of ${show(oracle)}`}`,
        facts: { category: category.toString(), ltv: loan.toString(), threshold: sale.toString(), new: oracle },
        // A price of its own is a way around the oracle of the market.
        ...(oracle === nobody && { severity: 'medium' as const }),
      }),
    },
  ),
]
