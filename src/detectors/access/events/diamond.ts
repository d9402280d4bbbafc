import type { Address, Hex } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent } from '../privilegedEvent.ts'

const shownMax = 8
const verbs = ['added', 'replaced', 'removed']

type Cut = [facet: Address, action: bigint, selectors: Hex[]]

/** ERC-2535. */
export const diamondEvents: readonly PrivilegedEvent[] = [
  privilegedEvent<[Cut[], Address, Hex]>(
    'event DiamondCut((address facet, uint8 action, bytes4[] selectors)[] cuts, address init, bytes data)',
    {
      standard: 'ERC-2535',
      kind: 'upgrade',
      tell: ([cuts, init, data], { name }) => {
        const count = cuts.reduce((sum, [, , selectors]) => sum + selectors.length, 0)
        return {
          title: `${count} ${count === 1 ? 'function' : 'functions'} of the diamond ${name} changed`,
          facts: {
            cuts: cuts.slice(0, shownMax).map(([facet, action, selectors]) => ({
              facet,
              action: verbs[Number(action)] ?? 'unknown',
              selectors: selectors.slice(0, shownMax),
            })),
            facets: cuts.length,
            init,
            initData: data.slice(0, 2 + 2 * 256),
          },
        }
      },
    },
  ),
]
