import { describe, expect, test } from 'vitest'
import {
  ana,
  bankScene,
  ben,
  other,
  put,
  stranger,
  thief,
  told,
} from '../../../../test/harness/detectors/accountEntriesScene.ts'
import { call } from '../../../../test/harness/node/block.ts'
import type { Address } from '../../../model/chain.ts'

describe('what entries are known to bear', () => {
  test('add up what is paid otherwise, against lower caps once the entries are known', () => {
    const scene = bankScene()
    expect(scene.pay(stranger, 1_100n, other).claims).toEqual([])
    const learned = bankScene()
    learned.learn()
    expect(learned.pay(stranger, 990n, other).claims).toEqual([])
    expect(told(learned.pay(stranger, 30n, other))).toEqual([
      expect.stringMatching(/^high: 10\.\d+ % of the usd of bank left within 1 hour, while what accounts are owed/),
    ])
  })

  test('do not forget the entries where rewards are paid on top, unless that is a quarter', () => {
    const leave = call('function leave()')
    const rewarded = (fall: bigint) => {
      const scene = bankScene()
      scene.learn()
      for (let time = 0; time < 5; time++) {
        scene.write(ben, -fall)
        expect(scene.pay(ben, 100n, leave).claims).toEqual([])
      }
      scene.write(ana, 6_000n)
      scene.watch.see()
      return told(scene.deal(ana, 6_500n))
    }
    expect(rewarded(76n)).toEqual([])
    expect(rewarded(75n)[0]).toMatch(/^high: 6\d\.?\d* % of the usd of bank left in one block/)
  })

  test('count all that leaves until the entries are known', () => {
    expect(told(bankScene().deal(ana, 2_499n))).toEqual([])
    expect(told(bankScene().deal(ana, 2_500n))).toEqual([
      'high: 25 % of the usd of bank left in one block, and no entry of an account bears it',
    ])
  })

  test('take an entry for one that bears a payment exactly, once two others were seen to', () => {
    const young = (puts: number, odd = 0) => {
      const scene = bankScene()
      for (let time = 0; time < puts; time++) scene.deal(ben, -10n)
      for (let time = 0; time < odd; time++) {
        scene.write(ben, 30n)
        scene.pay(ben, -10n, put)
      }
      scene.write(ana, 6_000n)
      scene.watch.see()
      return scene
    }
    expect(young(2).deal(ana, 6_000n).claims).toEqual([])
    expect(told(young(1).deal(ana, 6_000n))[0]).toMatch(/^high: \d\d\.?\d* % of the usd of bank left in one block/)
    expect(young(3, 1).deal(ana, 6_000n).claims).not.toEqual([])
    const thieves = young(2)
    thieves.write(thief, -5_999n)
    expect(thieves.pay(thief, 6_000n).claims).not.toEqual([])
    expect(young(2).pay(stranger, 6_000n, other).claims).not.toEqual([])
  })

  test('take a reward for borne that grew by a hundredth until it was paid, and not by more', () => {
    const season = (least: bigint) => {
      const { write, pay } = bankScene()
      const claim = (who: Address, amount: bigint, fall: bigint) => {
        write(who, fall)
        write(who, -fall)
        return pay(who, amount)
      }
      // Each is read as owed a little less than is paid in the end.
      for (const [who, amount] of [
        [ana, 400n],
        [ben, 500n],
        [thief, 300n],
        [ana, 200n],
      ] as const) {
        write(who, (amount * least) / 100n)
        claim(who, 0n, 0n)
        write(who, (-amount * least) / 100n)
        pay(who, amount)
      }
      write(ben, 3_000n)
      claim(ben, 0n, 0n)
      write(ben, -3_000n)
      return told(pay(ben, 3_000n))
    }
    expect(season(99n)).toEqual([])
    expect(season(98n)).toContainEqual(expect.stringMatching(/^high: .* left in one block, and no entry/))
  })

  test('believe no getter that moves otherwise as often', () => {
    const scene = bankScene()
    for (const _ of [1, 2]) {
      scene.write(ana, 17n)
      scene.pay(ana, -5n, put)
    }
    scene.learn()
    expect(scene.pay(thief, 300n).claims).toEqual([])
  })
})
