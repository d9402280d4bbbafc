import { expect, test } from 'vitest'
import { account, call, event, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { accountEntries } from '../accountEntries.ts'

const [market, items, usd, seller, buyer] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const [sellerOf, priceOf] = ['0x5b2b9a3f', '0xb9186d7d'] as const
const sent = 'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)'

/** A market of twelve items, each listed for 100, sells six of them in one block. */
function sold({ paid = 90n, to = seller, isNamed = true, listed = true } = {}) {
  const world = new World().holds(items, market, 12n)
  for (let id = 1n; id <= 6n && listed; id++) {
    const key = word(id).slice(2)
    world.set(`call ${market} ${sellerOf}${key}`, word(seller)).set(`call ${market} ${priceOf}${key}`, 100n)
  }
  world.settle().holds(items, market, 6n)
  const transactions = [1n, 2n, 3n, 4n, 5n, 6n].map((tokenId) =>
    tx({
      ...{ from: buyer, to: market, input: call('function buy(uint256)', [tokenId]), calls: [] },
      logs: [
        transferLog(usd, { from: buyer, to, value: paid }),
        event(sent, items, { from: market, to: buyer, tokenId }),
      ],
    }),
  )
  const names = [
    contract('items', items, { role: 'dependency' }),
    ...(isNamed ? [contract('usd', usd, { role: 'dependency' })] : []),
  ]
  const options = { entries: [sellerOf, priceOf] }
  const watch = scene(accountEntries, [contract('market', market)], { world, options, names })
  return watch.see({ transactions }).claims.length > 0
}

test('items that are sold page nobody where who sold them was paid the price, less a fee', () => {
  expect(sold()).toBe(false)
  expect(sold({ paid: 80n })).toBe(false)
})

test('they page where that was not their price, or not for whom it was written, or not in a known token', () => {
  expect(sold({ paid: 79n })).toBe(true)
  expect(sold({ to: account(0x6666) })).toBe(true)
  expect(sold({ isNamed: false })).toBe(true)
  expect(sold({ listed: false })).toBe(true)
})
