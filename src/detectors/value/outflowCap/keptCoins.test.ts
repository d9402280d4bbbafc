import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { outflowCap } from '../outflowCap.ts'

const [house, safe, bidder] = [1, 2, 3].map((n) => account(n * 0x1111)) as [Address, Address, Address]
const coin = 10n ** 18n

/** Of its 100 coins a house of auctions pays 50 away, and a Safe has so many more. */
function settled({ rise = 50n, owner = safe, kind = 'safe', role = 'dependency' as 'dependency' | 'protected' } = {}) {
  const world = new World()
    .set(`balance ${house}`, 100n * coin)
    .set(`balance ${safe}`, 7n * coin)
    .set(`call ${house} 0x8da5cb5b`, word(owner))
    .settle()
    .set(`balance ${house}`, 50n * coin)
    .set(`balance ${safe}`, (7n + rise) * coin)
  const names = [contract('safe', safe, { kind, role })]
  const watch = scene(outflowCap, [contract('house', house)], { options: { windows: { block: 25 } }, names, world })
  const { claims } = watch.see({ transactions: [tx({ from: bidder, to: house })] })
  return claims.map(({ severity, title }) => `${severity ?? 'paged'}: ${title.split(' left')[0]}`)
}

test('coins that go to the Safe or timelock which owned the payer, or is protected, page nobody', () => {
  expect(settled()).toEqual(['medium: 50 ETH (50 %)'])
  expect(settled({ kind: 'timelock' })).toEqual(['medium: 50 ETH (50 %)'])
  expect(settled({ owner: bidder, role: 'protected' })).toEqual(['medium: 50 ETH (50 %)'])
})

test('what did not arrive there has left', () => {
  expect(settled({ rise: 25n })).toEqual(['medium: 25 ETH (25 %)', 'paged: 25 ETH (25 %)'])
  expect(settled({ rise: 0n })).toEqual(['paged: 50 ETH (50 %)'])
})

test('others of the config are no keepers of it', () => {
  expect(settled({ owner: bidder })).toEqual(['paged: 50 ETH (50 %)'])
  expect(settled({ kind: 'account' })).toEqual(['paged: 50 ETH (50 %)'])
})
