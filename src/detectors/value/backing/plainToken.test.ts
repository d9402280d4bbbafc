import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ask,
  one,
  other,
  target,
  thief,
  token,
  told,
  touch,
  user,
} from '../../../../test/harness/detectors/backingScene.ts'
import { account, event, type SomeTransaction, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const zero = account(0)
const moved = (of: Address, from: Address, to: Address, value: bigint) => transferLog(of, { from, to, value })

describe('a plain token', () => {
  const minterRole = keccak256(toHex('MINTER_ROLE'))
  function tokenScene() {
    const world = new World().set(ask(target, 'totalSupply()'), 1_000n * one).settle()
    const names = [contract('usd', token, { role: 'dependency' })]
    const watch = scene(backing, [contract('acme', target, { kind: 'erc20' })], { world, names })
    return {
      ...watch,
      mint: (amount: bigint, rest: Partial<SomeTransaction> = {}) =>
        watch.see(touch({ to: other, logs: [moved(target, zero, thief, amount)], ...rest })),
    }
  }

  test('speaks of a part of the supply made out of nothing by somebody new', () => {
    const { mint } = tokenScene()
    expect(mint(19n * one).claims).toEqual([])
    expect(told(tokenScene().mint(20n * one))).toEqual([
      'high: 2 % of the supply of acme was made in one transaction, out of nothing, by somebody who never made any',
    ])
    expect(told(tokenScene().mint(5_000n * one))).toEqual([
      'critical: 500 % of the supply of acme was made in one transaction, out of nothing, by somebody who never made any',
    ])
  })

  test('is silent where who got it burned as much in the same transaction, as of a loan of what is made for it', () => {
    const lent = (...burned: [Address, bigint][]) =>
      told(
        tokenScene().mint(0n, {
          logs: [
            moved(target, zero, thief, 5_000n * one),
            ...burned.map(([from, amount]) => moved(target, from, zero, amount)),
          ],
        }),
      )
    expect(lent([thief, 5_000n * one])).toEqual([])
    expect(lent([thief, 4_981n * one])).toEqual([])
    expect(lent([thief, 4_980n * one])).toEqual([expect.stringMatching(/^high: 2 % of the supply/)])
    expect(lent([user, 5_000n * one])).toEqual([expect.stringMatching(/^critical: 500 % of the supply/)])
    expect(lent([user, 0n], [thief, 9_000n * one])).toEqual([])
  })

  test('is silent at an emission by who may, unless it is huge', () => {
    for (const [question, answer] of [
      [ask(target, 'owner()'), word(thief)],
      [ask(target, 'hasRole(bytes32,address)', minterRole, thief), word(1)],
      [ask(target, 'hasRole(bytes32,address)', minterRole, other), word(1)],
    ] as const) {
      const { mint, world } = tokenScene()
      world.set(question, answer).settle()
      expect(mint(50n * one).claims).toEqual([])
      expect(told(mint(150n * one))).toEqual([
        'high: 15 % of the supply of acme was made in one transaction, out of nothing, by one who may',
      ])
    }
  })

  test('is silent where it was paid for, by coins or by tokens', () => {
    expect(tokenScene().mint(50n * one, { value: one }).claims).toEqual([])
    const paid = [moved(token, thief, target, 60n * one), moved(target, zero, thief, 50n * one)]
    expect(tokenScene().mint(50n * one, { logs: paid }).claims).toEqual([])
    const paper = [moved(user, thief, target, 60n * one), moved(target, zero, thief, 150n * one)]
    expect(told(tokenScene().mint(0n, { logs: paper }))).toEqual([
      'high: 15 % of the supply of acme was made in one transaction, for an unknown token, by somebody who never made any',
    ])
    const sold = [moved(target, zero, thief, 50n * one), moved(token, other, thief, 60n * one)]
    expect(tokenScene().mint(50n * one, { logs: sold }).claims).toHaveLength(1)
  })

  test('is silent where it wraps coins, one for each, and not where fewer came in or lie there', () => {
    const wrapping = (made: bigint, held: [before: bigint, after: bigint]) => {
      const { mint, world } = tokenScene()
      world.set(`balance ${target}`, held[0]).settle()
      world.set(`balance ${target}`, held[1]).set(ask(target, 'totalSupply()'), 1_000n * one + made)
      return mint(made).claims.length
    }
    expect(wrapping(50n * one, [1_000n * one, 1_050n * one])).toBe(0)
    expect(wrapping(5_000n * one, [1_000n * one, 6_000n * one])).toBe(0)
    expect(wrapping(50n * one, [1_000n * one, 1_050n * one - 1n])).toBe(1)
    // More lies there than is owed, as in a staking pool, and nothing came in.
    expect(wrapping(50n * one, [1_100n * one, 1_100n * one])).toBe(1)
    // What was made was given back for coins: there are no more of them, and fewer coins.
    const { mint, world } = tokenScene()
    world.set(`balance ${target}`, 1_100n * one).settle()
    world.set(`balance ${target}`, 1_050n * one)
    expect(mint(50n * one).claims).toHaveLength(1)
  })

  test('pages nobody where the token got as large a part of what it keeps, and does one tenth below', () => {
    const severityOf = (got: bigint, of = token) => {
      const { mint, world } = tokenScene()
      world.holds(of, target, 500n).settle()
      const logs = [moved(of, thief, target, got), moved(target, zero, thief, 1_500n * one)]
      return told(mint(0n, { logs })).map((words) => words.split(':')[0])
    }
    expect(severityOf(675n)).toEqual(['medium'])
    expect(severityOf(674n)).toEqual(['high'])
    // A token that nobody knows is no price.
    expect(severityOf(675n, other)).not.toEqual(['medium'])
  })

  test('takes no thief for a minter because he was told of before', () => {
    const { mint } = tokenScene()
    expect([mint(30n * one), mint(30n * one)].flatMap(told)).toHaveLength(2)
  })

  describe('of which a key makes some again and again', () => {
    const day = 86_400
    const hands = () => {
      const plain = tokenScene()
      let time = 1_700_000_000
      const mint = (amount: bigint, later = 7 * day, rest: Partial<SomeTransaction> = {}) => {
        time += later
        const logs = [moved(target, zero, user, amount), ...(rest.logs ?? [])]
        const { logs: _, ...others } = rest
        return told(plain.see({ timestamp: time, transactions: [tx({ from: thief, to: target, logs, ...others })] }))
      }
      plain.world.set(ask(target, 'owner()'), word(thief)).settle()
      for (let week = 0; week < 5; week++) expect(mint(2n * one)).toEqual([])
      return mint
    }
    const far = (share: string, when: string) => [
      `high: ${share} % of the supply of acme was made for nothing within ${when}, far more than its keys ever made`,
    ]

    test('pages at ten times as much as ever before, and a unit below at nothing', () => {
      expect(hands()(20n * one)).toEqual(far('2', 'a day'))
      expect(hands()(20n * one - 1n)).toEqual([])
      expect(hands()(90n * one)).toEqual(far('9', 'a day'))
    })

    test('adds up a day of large ones, and a week of all', () => {
      const [large, small] = [hands(), hands()]
      expect([large(9n * one), large(9n * one, 600), large(one, 600), large(9n * one, 600)].flat()).toEqual(
        far('2.7', 'a day'),
      )
      const told = Array.from({ length: 5 }, () => small(5n * one, day)).flat()
      expect(told).toEqual([...far('2.2', 'a week'), ...far('2.7', 'a week')])
    })

    test('learns what is made only after a week, so that it cannot be made usual in steps', () => {
      const mint = hands()
      expect(mint(15n * one)).toEqual([])
      expect(mint(60n * one, 3 * day)).toEqual(far('6', 'a day'))
      const patient = hands()
      expect(patient(15n * one)).toEqual([])
      expect(patient(24n * one, 8 * day)).toEqual([])
    })

    test('pages nobody where it is paid for, or contracts of others have a part in it', () => {
      const bridge = event('event Received(bytes32 id)', other, { id: word(1) })
      expect(hands()(90n * one, 7 * day, { logs: [bridge] })).toEqual([])
      expect(hands()(90n * one, 7 * day, { to: other, logs: [bridge] })).toEqual([])
      expect(hands()(90n * one, 7 * day, { logs: [moved(token, user, thief, one)] })).toEqual([])
      const signed = event('event ExecutionSuccess(bytes32 txHash, uint256 payment)', other, {
        ...{ txHash: word(1), payment: 0n },
      })
      expect(hands()(90n * one, 7 * day, { to: other, logs: [signed] })).toEqual(far('9', 'a day'))
    })
  })

  test('asks nothing about a mint that is too small to matter', () => {
    const { mint } = tokenScene()
    mint(50n * one, { from: user })
    expect(mint(4n * one).reads).toEqual([])
  })
})
