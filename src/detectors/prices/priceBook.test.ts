import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Observation } from '../../model/observation.ts'
import { readKey } from '../../model/read.ts'
import { priceBook } from './priceBook.ts'
import { pricingOf } from './pricingOf.ts'
import { tokenPrice } from './tokenPrice.ts'

const [token, weth, feed, other, oracle, pool, vault] = [1, 2, 3, 4, 5, 6, 7].map(account) as Address[] as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const now = 1_700_000_000
const hour = 3_600

const round = (answer: bigint, updatedAt: number, answeredIn = 9n): Hex =>
  `0x${[9n, BigInt.asUintN(256, answer), BigInt(updatedAt), BigInt(updatedAt), answeredIn].map((each) => word(each).slice(2)).join('')}`

/** A chain before the block, which answers otherwise after it, and the prices that the config gives. */
function market(prices: Record<string, object[]>, decimals = 6) {
  const before = new World().set(`call ${token} 0x313ce567`, BigInt(decimals)).set(`call ${weth} 0x313ce567`, 18n)
  const named = new Map<string, Contract>(
    Object.entries({ token, weth, feed, other, oracle, pool, vault }).map(([name, at]) => [name, contract(name, at)]),
  )
  const chain = { name: 'testnet', id: 31_337 }
  const compiled = (list: object[]) => list.map((each) => pricingOf(tokenPrice.parse(each), { names: named, chain }))
  for (const [name, list] of Object.entries(prices)) {
    const at = named.get(name)
    if (at) at.prices = compiled(list)
  }
  const book = priceBook({ names: named, targets: [], chain: { ...chain, prices: compiled(prices.native ?? []) } })
  const worth = (of: Address | 'native', amount: bigint) => {
    before.settle()
    const asked = new Set(book.reads(of).map(readKey))
    const state: Observation['state'] = (read) => {
      if (!asked.has(readKey(read))) throw new Error(`nobody asked for: ${readKey(read)}`)
      return before.answer(read)
    }
    return book.worth(of, amount, { state, block: { timestamp: now } as Observation['block'] })
  }
  return { before, book, worth }
}

const says = (at: Address) => `call ${at} 0xfeaf968c`

describe('what a token is worth', () => {
  test.each([6, 8, 18])('is counted by its %i decimals', (decimals) => {
    const { before, worth } = market({ token: [{ feed: '$feed' }] }, decimals)
    before.set(says(feed), round(250_000_000n, now - 60))
    expect(worth(token, 400n * 10n ** BigInt(decimals))).toEqual({ dollars: 1_000, by: 'feed' })
  })

  test('comes from the first source that answers', () => {
    const prices = { token: [{ in: '$oracle', call: '0x50d25bcd', decimals: 8 }, { feed: '$feed' }, { usd: 1 }] }
    const { before, worth } = market(prices)
    before.set(`call ${oracle} 0x50d25bcd`, 300_000_000n).set(says(feed), round(200_000_000n, now))
    expect(worth(token, 1_000_000n)).toEqual({ dollars: 3, by: 'oracle' })
    before.set(`call ${oracle} 0x50d25bcd`, null)
    expect(worth(token, 1_000_000n)).toEqual({ dollars: 2, by: 'feed' })
    before.set(says(feed), round(200_000_000n, now - 40 * hour))
    expect(worth(token, 1_000_000n)).toEqual({ dollars: 1, by: 'the config' })
  })

  test('is not known by a price that is stale, unanswered, nothing or nonsense, and it says so', () => {
    const { before, worth } = market({ token: [{ feed: '$feed', heartbeat: hour }] })
    const of = (data: Hex) => {
      before.set(says(feed), data)
      return worth(token, 1_000_000n)
    }
    expect(of(round(100_000_000n, now - 3_960))).toEqual({ dollars: 1, by: 'feed' })
    expect(of(round(100_000_000n, now - 3_961))).toEqual({ unpriced: 'feed: its price is 66 minutes old' })
    expect(of(round(100_000_000n, 0))).toEqual({ unpriced: 'feed: it does not tell how old its price is' })
    expect(of(round(100_000_000n, now, 8n))).toEqual({ unpriced: 'feed: its last round was not answered' })
    expect(of(round(0n, now))).toEqual({ unpriced: 'feed: its answer is no price' })
    expect(of(round(-5n, now))).toEqual({ unpriced: 'feed: its answer is no price' })
    expect(of('0x1234')).toEqual({ unpriced: 'feed: its answer is no round of a feed' })
  })

  test('is what it was before the block, whatever the block did to its source', () => {
    const { before, book, worth } = market({ token: [{ feed: '$feed' }] })
    before.set(says(feed), round(100_000_000n, now - 60))
    expect(worth(token, 5_000_000n)).toEqual({ dollars: 5, by: 'feed' })
    before.now.set(says(feed), round(900_000_000n, now))
    expect(book.reads(token).map(({ at }) => at)).toEqual(['parent', 'parent'])
  })

  test('may be counted in another token, one step far', () => {
    const { before, worth } = market({
      token: [{ vault: '$vault', decimals: [6, 18], times: '$weth' }],
      weth: [{ vault: '$other', decimals: [18, 6], times: '$token' }, { feed: '$feed' }],
    })
    before.set(`call ${vault} 0x07a2d13a${word(1_000_000n).slice(2)}`, 2n * 10n ** 17n)
    before.set(says(feed), round(2_000_00000000n, now))
    expect(worth(token, 10_000_000n)).toEqual({ dollars: 4_000, by: 'vault, feed' })
  })

  test('of a pool is a mean over time', () => {
    const { before, worth } = market({ native: [{ pool: '$pool', decimals: [18, 6], window: 600 }] })
    const ticks = -196_256n * 600n
    const words = [32n, 96n, 2n, 0n, BigInt.asUintN(256, ticks)].map((each) => word(each).slice(2))
    const data = `0x883bdbfd${[32n, 2n, 600n, 0n].map((each) => word(each).slice(2)).join('')}`
    before.set(`call ${pool} ${data}`, `0x${words.join('')}`)
    const seen = worth('native', 10n ** 18n)
    expect(seen).toMatchObject({ by: 'pool' })
    expect('dollars' in seen && Math.round(seen.dollars)).toBe(3_000)
  })

  test('is not known where the config names no price, or the token no decimals', () => {
    const { before, book, worth } = market({ token: [{ usd: 1 }] })
    expect(book.reads(weth)).toEqual([])
    expect(worth(weth, 1n)).toEqual({ unpriced: 'the config names no price for it' })
    before.set(`call ${token} 0x313ce567`, 200n)
    expect(worth(token, 1n)).toEqual({ unpriced: 'the token does not tell its decimals' })
  })

  test('is never taken from what a pair holds at the moment, nor from a short mean', () => {
    expect(tokenPrice.safeParse({ pair: '$pool', decimals: [18, 6] }).success).toBe(false)
    expect(tokenPrice.safeParse({ pool: '$pool', decimals: [18, 6], window: 599 }).success).toBe(false)
  })
})
