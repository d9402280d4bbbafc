import { expect, test } from 'vitest'
import { account, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { outflowCap } from '../outflowCap.ts'

const [treasury, weth, thief] = [1, 2, 3].map((n) => account(n * 0x1111)) as [Address, Address, Address]
const coin = 10n ** 18n

/** A Safe of 100 coins sends 50 away and holds so many more of a wrapped coin, in which so many lay before. */
function sent({ rise = 50n, lay = 50n, to = treasury, isNamed = false } = {}) {
  const world = new World()
    .set(`balance ${treasury}`, 100n * coin)
    .set(`balance ${weth}`, lay * coin)
    .holds(weth, treasury, 7n * coin)
    .settle()
    .set(`balance ${treasury}`, 50n * coin)
    .holds(weth, treasury, (7n + rise) * coin)
  const names = isNamed ? [contract('weth', weth, { role: 'dependency' })] : []
  const options = { windows: { block: 25 } }
  const watch = scene(outflowCap, [contract('treasury', treasury, { kind: 'safe' })], { options, names, world })
  const log = event('event Deposit(address indexed dst, uint256 wad)', weth, { dst: to, wad: rise * coin })
  const { claims } = watch.see({ transactions: [tx({ to: treasury, logs: [log] })] })
  return claims.map(({ severity, title }) => `${severity ?? 'paged'}: ${title.split(' left')[0]}`)
}

test('coins that an account wraps page nobody', () => {
  expect(sent()).toEqual(['medium: 50 ETH (50 %)'])
  expect(sent({ lay: 0n, isNamed: true })).toEqual(['medium: 50 ETH (50 %)'])
})

test('what is not there wrapped afterwards has left', () => {
  expect(sent({ rise: 25n })).toEqual(['medium: 25 ETH (25 %)', 'paged: 25 ETH (25 %)'])
  expect(sent({ rise: 0n })).toEqual(['paged: 50 ETH (50 %)'])
  expect(sent({ to: thief })).toEqual(['paged: 50 ETH (50 %)'])
})

test('more wrapped coins than were sent bear no more than these', () => {
  expect(sent({ rise: 90n })).toEqual(['medium: 50 ETH (50 %)'])
})

test('a stranger’s token in which less lay than comes in is none', () => {
  expect(sent({ lay: 49n })).toEqual(['paged: 50 ETH (50 %)'])
})
