import { type Abi, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { bridgeConservation } from './bridgeConservation.ts'

const [home, away, coin, coinAway, small] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const friend = account(0xf00d)
const sent = 'event Sent(uint256 indexed nonce, address token, uint256 amount, bytes32 to, uint32 dstEid)'
const got = 'event Got(uint256 nonce, address token, uint256 amount, address to)'
const lockBox = contract('lockBox', home, { abi: parseAbi([sent]) })
const mint = contract('mint', away, { chain: 'awaynet', abi: parseAbi([got]) })
const coins = [contract('coin', coin), contract('coinAway', coinAway, { chain: 'awaynet' })]
const locked = { contract: '$lockBox', event: 'Sent', id: 'nonce', token: 'token', amount: 'amount', recipient: 'to' }
const released = { ...locked, contract: '$mint', event: 'Got' }
type Extra = Record<string, unknown>

/** The chain on which things are locked. */
const lockSide = (extra: Extra = {}, side: Extra = {}, box: Contract = lockBox) =>
  scene(bridgeConservation, [box], {
    options: { locked: { ...locked, ...side }, released, ...extra },
    names: [coins[0]!],
    others: [mint, coins[1]!],
  })
/** The chain on which they are released: for the scene it is the one at hand. */
const releaseSide = (side: Extra = {}, abi = [got]) =>
  scene(bridgeConservation, [contract('mint', away, { abi: parseAbi(abi) })], {
    options: { locked, released: { ...released, ...side }, tokens: [{ locked: '$coin', released: '$coinAway' }] },
    others: [lockBox, coins[0]!],
  })
const wide = (address: string) => `0x${address.slice(2).padStart(64, '0')}`
const lock = (rest: Extra = {}) =>
  tx({
    logs: [
      event(sent, home, { nonce: 7n, token: coin, amount: 1_000_001n, to: wide(friend), dstEid: 30_184, ...rest }),
    ],
  })
const release = (rest: Extra = {}) =>
  tx({ logs: [event(got, away, { nonce: 7n, token: coinAway, amount: 5n, to: friend, ...rest })] })

describe('what was locked', () => {
  test('is handed on as what has to be released for it', () => {
    const tokens = [{ locked: '$coin', released: '$coinAway' }]
    expect(lockSide({ tokens }).see({ transactions: [lock()] }).legs).toMatchObject([
      { side: 'locked', message: '7', token: coinAway, amount: '1000001', recipient: friend, logIndex: 0, position: 0 },
    ])
  })

  test('is counted as the other chain does, up where it does not come out even', () => {
    const amounts = ([from, to]: number[]) =>
      lockSide({
        tokens: [{ locked: coin.toUpperCase().replace('0X', '0x'), released: coinAway, decimals: [from, to] }],
      })
        .see({ transactions: [lock()] })
        .legs.map(({ amount }) => amount)
    expect([amounts([6, 18]), amounts([18, 12]), amounts([6, 6])]).toEqual([
      ['1000001000000000000'],
      ['2'],
      ['1000001'],
    ])
  })

  test('of a token that is not listed is the same token there', () => {
    const { legs } = lockSide().see({ transactions: [lock({ token: small })] })
    expect(legs).toMatchObject([{ token: small, amount: '1000001' }])
  })

  test('for elsewhere is left out', () => {
    const watch = lockSide({}, { only: { dstEid: 30184 } })
    const transactions = [lock(), lock({ nonce: 8n, dstEid: 30_110 })]
    expect(watch.see({ transactions }).legs.map(({ message }) => message)).toEqual(['7'])
  })

  test('by another contract, or by another event, is none', () => {
    const logs = [event(sent, small, { nonce: 1n, token: coin, amount: 1n, to: wide(friend), dstEid: 1 })]
    expect(lockSide().see({ transactions: [tx({ logs })] })).toMatchObject({ legs: [], blind: [] })
  })

  test('by a proxy is read by whichever event its implementation had', () => {
    const older = 'event Sent(uint256 nonce, address token, uint256 amount, bytes32 to)'
    const proxy = contract('lockBox', home, {
      implementations: new Map<Address, Abi>([
        [account(0xa1), parseAbi([older])],
        [account(0xa2), parseAbi([sent])],
        [account(0xa3), parseAbi(['event Paused()'])],
      ]),
    })
    const watch = lockSide({}, {}, proxy)
    const first = tx({ logs: [event(older, home, { nonce: 6n, token: coin, amount: 1n, to: wide(friend) })] })
    expect(watch.see({ transactions: [first, lock()] }).legs.map(({ message }) => message)).toEqual(['6', '7'])
    expect(watch.watch.notes).toEqual([
      expect.stringMatching(/^Nothing is locked as long as it lacks the event `Sent`: implementation 0x/),
    ])
  })
})

describe('what was released', () => {
  test('is handed on as it is', () => {
    expect(releaseSide().see({ transactions: [release()] }).legs).toMatchObject([
      { side: 'released', message: '7', token: coinAway, amount: '5', recipient: friend },
    ])
  })

  test('by a log that cannot be read is told as blindness', () => {
    const bad = tx({
      logs: [{ ...event(got, away, { nonce: 7n, token: coin, amount: 5n, to: friend }), data: '0x12' }],
    })
    const { legs, blind } = releaseSide().see({ transactions: [bad, release({ nonce: 9n })] })
    expect(legs.map(({ message }) => message)).toEqual(['9'])
    expect(blind).toEqual([expect.stringMatching(/^What was released in transaction 0x\w+ cannot be read: /)])
  })

  test('in a flood is bounded, and the flood is said', () => {
    const logs = Array.from({ length: 1001 }, (_, n) =>
      event(got, away, { nonce: BigInt(n), token: coin, amount: 5n, to: friend }),
    )
    const { legs, blind } = releaseSide().see({ transactions: [tx({ logs })] })
    expect([legs.length, blind]).toEqual([1000, ['1 more messages in one block']])
  })

  test('under a name that a stranger chose is a name that fits into a database', () => {
    const named = 'event Named(string id, uint256 part, uint256 amount)'
    const seen = (id: string | string[], ...ids: string[]) => {
      const watch = releaseSide({ event: 'Named', id, token: undefined, recipient: undefined }, [named])
      const logs = ids.map((each) => event(named, away, { id: each, part: 1n, amount: 1n }))
      return watch.see({ transactions: [tx({ logs })] }).legs.map(({ message }) => message)
    }
    const [plain, ...odd] = seen('id', 'a b', '\u0000', 'é', '#', 'x'.repeat(201))
    expect(plain).toBe('a b')
    expect(odd.filter((message) => /^#[0-9a-f]{32}$/.test(message))).toHaveLength(4)
    expect(new Set(odd).size).toBe(4)
    expect(seen(['id', 'part'], 'a', 'a" "1')).toEqual(['"a" "1"', '"a\\" \\"1" "1"'])
  })
})

test('both sides may stand on one chain', () => {
  const watch = scene(bridgeConservation, [lockBox, contract('mint', away, { abi: parseAbi([got]) })], {
    options: { locked, released },
  })
  const { legs } = watch.see({ transactions: [lock(), release()] })
  expect(legs.map(({ side }) => side)).toEqual(['locked', 'released'])
  expect(watch.watch.bridge).toMatchObject({
    locked: { contract: 'lockBox', chain: { name: 'testnet' } },
    released: { contract: 'mint', chain: { name: 'testnet' } },
    ...{ graceSeconds: 120, lateSeconds: 21_600, feePpm: null },
  })
})

test('refuses one event for both sides, unless it says which is which', () => {
  const both = (mine: Extra, other: Extra) => () =>
    scene(bridgeConservation, [lockBox], {
      options: { locked: { ...locked, only: mine }, released: { ...locked, only: other } },
    })
  expect(both({}, {})).toThrow('`locked` and `released` are the same event of $lockBox.')
  expect(both({ dstEid: 1 }, { dstEid: 2 })).not.toThrow()
})

test('says what is not compared', () => {
  expect(lockSide({}, { recipient: undefined }).watch.notes).toEqual([
    'The recipient is not compared, as `recipient` is not given on both sides.',
  ])
})

describe('how much lies on a side', () => {
  const box = contract('box', home)
  const away18 = contract('coinAway', coinAway, { chain: 'awaynet' })
  const totals = {
    locked: { contract: '$box', holds: '$coin', decimals: 6 },
    released: { contract: '$coinAway', supply: true },
  }
  const homeSide = (options: Extra = {}) => {
    const world = new World().token(coin, 'USDC', 6).holds(coin, home, 1_000_001n).settle()
    const watch = scene(bridgeConservation, [box], {
      options: { ...totals, ...options },
      names: [coins[0]!],
      others: [away18],
      world,
    })
    return { world, watch }
  }

  test('is handed on as the other chain counts it, and again when it has changed', () => {
    const { world, watch } = homeSide()
    expect(watch.see({}).totals).toEqual([{ side: 'locked', amount: '1000001000000000000' }])
    expect(watch.see({}).totals).toEqual([])
    world.holds(coin, home, 999_999n)
    expect(watch.see({}).totals).toEqual([{ side: 'locked', amount: '999999000000000000' }])
    expect(watch.watch.bridge).toMatchObject({ by: { slackPpm: 0 }, released: { contract: 'coinAway' } })
  })

  test('is the supply of a token, or what a call answers', () => {
    const world = new World().set(`call ${coinAway} 0x18160ddd`, 77n).set(`call ${coinAway} 0x12345678`, 78n).settle()
    const seen = (released: Extra) =>
      scene(bridgeConservation, [contract('coinAway', coinAway)], {
        options: { ...totals, released: { contract: '$coinAway', ...released } },
        ...{
          world,
          others: [contract('box', home, { chain: 'awaynet' }), contract('coin', coin, { chain: 'awaynet' })],
        },
      }).see({}).totals
    expect(seen({ supply: true })).toEqual([{ side: 'released', amount: '77' }])
    expect(seen({ call: '0x12345678' })).toEqual([{ side: 'released', amount: '78' }])
  })

  test('that cannot be read is blindness', () => {
    const { world, watch } = homeSide()
    world.down.add(coin)
    expect(watch.see({})).toMatchObject({
      totals: [],
      blind: ['How much is locked in box could not be read: nobody answers'],
    })
  })

  test('is not held against messages, nor over more than a day', () => {
    const messages = { ...released, contract: '$coinAway' }
    expect(() => homeSide({ released: messages })).toThrow(
      '`released` is told by an event and `locked` by how much there is.',
    )
    expect(() => homeSide({ grace: '2d' })).toThrow('`grace` is 172800 s')
  })
})
