import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  chief,
  grave,
  nobody,
  payee,
  plan,
  planScene,
  relayer,
  rootOf,
  safe,
  setPayee,
  somebody,
  thief,
  timelock,
  value,
} from '../../../test/harness/detectors/keySettingsScene.ts'
import { call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Hex } from '../../model/chain.ts'
import { keySettings } from './keySettings.ts'

describe('a payee that is exchanged', () => {
  test('pages where only few may exchange it, with who did it', () => {
    const { claims, blind, block } = planScene().set(thief)
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        address: plan,
        transactionHash: block.transactions[0]!.hash,
        facts: { before: word(payee), now: word(thief), by: chief, sender: chief },
        evidence: 'hard',
        actors: [thief],
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('is found behind a Safe, of whose call the contract tells nothing', () => {
    const execute = call('function execute(address to, bytes data)', [plan, call(setPayee, [thief])])
    const seen = planScene().set(thief, { from: relayer, to: safe, input: execute })
    expect(grave(seen)).toMatchObject([{ facts: { by: safe, sender: relayer } }])
  })

  test('is found where no transaction of the block names it', () => {
    const { stands, watch } = planScene()
    watch.see({})
    stands(thief)
    expect(watch.see({}).claims).toMatchObject([
      { subject: `settings of ${plan}`, title: expect.stringMatching(/^Somebody set/) },
    ])
  })

  test.each<[string, (plan: ReturnType<typeof planScene>) => [Hex, Partial<Parameters<typeof tx>[0]>], string[]]>([
    [
      'by a call that anybody may make',
      ({ world }) => {
        world.set(`call ${plan} ${call(setPayee, [thief])} from ${nobody}`, 1n)
        return [thief, {}]
      },
      [],
    ],
    ['by a call that is paid for', () => [thief, { value: 1n }], []],
    ['by itself', () => [thief, { from: thief }], ['who set it named itself']],
    ['by what the contract works out', () => [thief, { input: '0x12345678' }], ['the contract worked it out itself']],
    ['by nobody', () => [zeroAddress, {}], ['nobody is trusted or paid instead']],
  ])('%s pages nobody', (_, given, milder) => {
    const own = planScene()
    const seen = own.set(...given(own))
    expect(grave(seen)).toEqual([])
    expect(seen.claims.map(({ facts }) => facts.milder)).toEqual(milder)
  })

  test('pages nobody where the money goes to a Safe of the config, unless that is merely known', () => {
    const given = (role: 'protected' | 'dependency') => {
      const world = new World().set(`call ${plan} ${value}`, word(payee)).settle()
      const names = [contract('home', safe, { role, kind: 'safe' })]
      const watch = scene(keySettings, [contract('plan', plan)], { options: { values: [value] }, names, world })
      watch.see()
      world.set(`call ${plan} ${value}`, word(safe))
      return grave(watch.see({ transactions: [tx({ from: chief, to: plan, input: call(setPayee, [safe]) })] }))
    }
    expect([given('protected'), given('dependency')].map(({ length }) => length)).toEqual([0, 1])
  })

  test('pages again by the same key after more than a week, and not before', () => {
    const [often, seldom] = [planScene(), planScene()]
    expect([10, 11, 12].map((n) => grave(often.set(somebody(n))).length)).toEqual([1, 0, 0])
    expect(grave(seldom.set(somebody(10)))).toHaveLength(1)
    expect(grave(seldom.set(somebody(11), {}, 7 * 86_400))).toEqual([])
    expect(grave(seldom.set(somebody(12), {}, 7 * 86_400 + 1))).toHaveLength(1)
    // What was set so often is set in the course of business.
    expect(grave(seldom.set(somebody(13), {}, 30 * 86_400))).toEqual([])
  })

  test('is told of where nobody was paid before, and pages nobody', () => {
    const { stands, set } = planScene()
    stands(word(0))
    expect(set(payee).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('is no change where it stays, and none that can be judged where it cannot be read', () => {
    const { set, watch, world } = planScene()
    expect(set(payee).claims).toEqual([])
    // Whoever did it, it was no transaction that failed.
    expect(set(thief, { status: 'reverted' }).claims[0]?.title).toMatch(/^Somebody set/)
    world.down.add(value)
    const { claims, blind } = watch.see({ transactions: [tx({ from: chief, to: plan, input: '0x12345678' })] })
    expect(claims).toEqual([])
    expect(blind).toEqual(['What plan trusts or pays could not be read: nobody answers'])
  })

  test('answers of another length say nothing', () => {
    const { world, watch } = planScene()
    watch.see({})
    world.set(`call ${plan} ${value}`, `0x${'12'.repeat(100_000)}`)
    expect(watch.see({}).claims).toEqual([])
    world.set(`call ${plan} ${value}`, word(thief))
    expect(watch.see({}).claims).toHaveLength(1)
  })
})

describe('a root that is published again and again', () => {
  test('pages by another hand than the one that has done so', () => {
    const { publish, stands } = planScene({ restless: true })
    stands(rootOf(0))
    expect([1, 2, 3].map((n) => grave(publish(rootOf(n))).length)).toEqual([0, 0, 0])
    expect(grave(publish(rootOf(4), thief))).toHaveLength(1)
    expect(grave(publish(rootOf(5)))).toEqual([])
  })

  test('of which nothing is known pages the first time', () => {
    const { publish, stands } = planScene()
    stands(rootOf(0))
    expect([1, 2].map((n) => grave(publish(rootOf(n))).length)).toEqual([1, 0])
  })

  test('is the affair of many where three have done so', () => {
    const { publish, stands } = planScene({ restless: true })
    stands(rootOf(0))
    const hands = [20, 20, 21, 21, 21, 22, 22, 23].map(somebody)
    expect(hands.map((hand, n) => grave(publish(rootOf(n + 1), hand)).length)).toEqual([0, 0, 1, 0, 0, 1, 0, 0])
  })
})

describe('a sum that grows with each trade, and is as long as an address', () => {
  const through = (restless: boolean, input: Hex) => {
    const { world, watch, stands } = planScene({ restless })
    watch.see({})
    world.settle()
    stands(thief)
    const logs = [event('event Sync(uint112 reserve0, uint112 reserve1)', plan, { reserve0: 5n, reserve1: 7n })]
    return watch.see({ transactions: [tx({ from: chief, to: relayer, input, logs })] })
  }

  test('pages nobody where a router trades, and is nobody who had a hand in it', () => {
    const { claims } = through(true, '0x12345678')
    expect(claims).toMatchObject([{ severity: 'medium', facts: { milder: 'the contract worked it out itself' } }])
    expect(claims[0]).not.toHaveProperty('actors')
  })

  test('pages where it never moved before, and where it is named or may be', () => {
    expect(grave(through(false, '0x12345678'))).toHaveLength(1)
    const long: Hex = `0x12345678${'00'.repeat(9_000)}${thief.slice(2)}`
    const named = [call(setPayee, [thief]), long].map((input) => through(true, input).claims)
    expect(named.map(([claim]) => claim?.facts.milder)).not.toContain('the contract worked it out itself')
    expect(named.map(([claim]) => claim?.actors)).toEqual([[thief], [thief]])
  })
})

describe('what a timelock had announced', () => {
  test('is told of, and pages nobody', () => {
    const scheduled: Hex = rootOf(99)
    const { world, set } = planScene()
    const id = { id: scheduled, index: 0n }
    const executed = event(
      'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
      timelock,
      { ...id, target: plan, value: 0n, data: call(setPayee, [thief]) },
    )
    world
      .set(`call ${timelock} ${call('function getTimestamp(bytes32 id)', [scheduled])}`, 1_600_000_000n)
      .set(`call ${timelock} ${call('function getMinDelay()')}`, 172_800n)
    const rest = { from: relayer, to: timelock, input: `0x12345678${word(thief).slice(2)}` as Hex, logs: [executed] }
    const seen = set(thief, rest)
    expect(seen.claims).toMatchObject([{ severity: 'medium', facts: { planned: expect.stringContaining(timelock) } }])
  })
})
