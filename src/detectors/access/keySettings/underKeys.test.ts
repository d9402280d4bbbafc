import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  chief,
  grave,
  list,
  nobody,
  payee,
  plan,
  planScene,
  relayer,
  rootOf,
  setPeer,
  somebody,
  thief,
} from '../../../../test/harness/detectors/keySettingsScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { keySettings } from '../keySettings.ts'

describe('a peer on another chain', () => {
  test('pages where it is named or replaced', () => {
    const { peer } = planScene({ lists: true })
    expect(grave(peer(payee, word(0)))).toHaveLength(1)
    const [claim] = grave(peer(thief, payee))
    expect(claim?.title).toContain('(0xbb0b6a53 of 30110)')
    // However often it was done before.
    expect([10, 11, 12].map((n) => grave(peer(somebody(n), thief)).length)).toEqual([1, 1, 1])
  })

  test('is found also where it is kept as bytes', () => {
    const { world, watch } = planScene({ lists: true })
    const peerOf = (peer: Address) => encodeAbiParameters([{ type: 'bytes' }], [`${peer}${plan.slice(2)}`])
    const question = `call ${plan} ${list}${word(110).slice(2)}`
    const input = call('function setTrustedRemote(uint16 chain, bytes path)', [110, `${thief}${plan.slice(2)}`])
    world.set(question, peerOf(payee)).settle().set(question, peerOf(thief))
    const seen = watch.see({ transactions: [tx({ from: chief, to: plan, input })] })
    expect(grave(seen)).toMatchObject([{ facts: { by: chief } }])
  })

  test('is nothing where a number is written down', () => {
    expect(planScene({ lists: true }).peer(word(5_000), word(4_000)).claims).toEqual([])
  })

  test('is told of where it is taken away, and pages nobody', () => {
    const { claims } = planScene({ lists: true }).peer(word(0), payee)
    expect(claims).toMatchObject([{ severity: 'medium' }])
  })

  test('is asked for no more where a function has set nothing eight times', () => {
    const { world, watch } = planScene({ lists: true })
    const send = () =>
      watch.see({ transactions: [tx({ from: payee, to: plan, input: call(setPeer, [30_110, word(7)]) })] })
    world.set(`call ${plan} ${list}${word(30_110).slice(2)}`, word(payee)).settle()
    const asked = Array.from({ length: 10 }, () => send().reads.length)
    expect(asked.map((count) => count > 0)).toEqual([...Array.from({ length: 8 }, () => true), false, false])
  })

  test('is looked for in at most sixteen transactions and eight numbers, and what is left is told', () => {
    const { watch } = planScene({ lists: true })
    const words = Array.from({ length: 400 }, (_, n) => word(n + 1).slice(2)).join('')
    const transactions = Array.from({ length: 18 }, () => tx({ from: payee, to: plan, input: `0x87654321${words}` }))
    const { reads, blind } = watch.see({ transactions })
    expect(reads.length).toBeLessThan(16 * 20)
    expect(blind).toContain('2 more transactions with plan in one block were not judged.')
  })
})

describe('what stands under a key of 32 bytes', () => {
  const setGateway = 'function setGateway(bytes32 chain, bytes32 gateway)'
  const chain = rootOf(5)
  function gateways(now: Hex, was: Hex, key: Hex = chain) {
    const world = new World()
    const watch = scene(keySettings, [contract('plan', plan)], { options: { keyed: [list] }, world })
    const question = `call ${plan} ${list}${key.slice(2)}`
    const set = (next: Hex, before: Hex) => {
      world.set(question, word(before)).settle().set(question, word(next))
      return watch.see({
        transactions: [tx({ from: chief, to: plan, input: call(setGateway, [word(key), word(next)]) })],
      })
    }
    return { set, seen: set(now, was) }
  }

  test('pages where it is replaced, whether a hash names the chain or a number', () => {
    for (const key of [chain, word(43_114)]) expect(grave(gateways(thief, payee, key).seen)).toHaveLength(1)
    expect(gateways(thief, payee).seen.claims[0]?.title).toContain(`(0xbb0b6a53 of ${chain.slice(0, 10)}…)`)
  })

  test('is told of and pages nobody where nothing stood there, and by a hand that has done so before', () => {
    expect(gateways(payee, word(0)).seen.claims).toMatchObject([{ severity: 'medium' }])
    expect(grave(gateways(thief, payee).set(somebody(9), thief))).toEqual([])
  })

  test('is nothing where it is a number, or the call names no key', () => {
    expect(gateways(word(5_000), word(4_000)).seen.claims).toEqual([])
    expect(gateways(thief, payee, `0x${'0'.repeat(64)}`).seen.claims).toEqual([])
  })
})

describe('a hash that the contract works out of what it is given', () => {
  const setValidators = 'function setValidators(address[] next)'
  const rotate = 'function rotate(address[] next, bytes signatures)'
  const validators = (n: number, way = setValidators): { input: Hex } => ({
    input: way === rotate ? call(rotate, [[somebody(n)], '0x12']) : call(setValidators, [[somebody(n)]]),
  })
  const rooted = (restless = false) => {
    const own = planScene({ restless })
    own.stands(rootOf(0))
    own.watch.see({})
    return own
  }

  test('pages where a key sets it by a function that set nothing before', () => {
    expect(grave(rooted().set(rootOf(1), validators(1)))).toHaveLength(1)
    const rotated = rooted(true)
    const anybody = validators(1, rotate)
    rotated.world.set(`call ${plan} ${anybody.input} from ${nobody}`, 1n)
    expect(rotated.set(rootOf(1), { ...anybody, from: relayer }).claims).toEqual([])
    expect(grave(rotated.set(rootOf(2), validators(2)))).toHaveLength(1)
  })

  test('pages nobody by a function that set it before, where it is known to be set often, or made of nothing', () => {
    const often = rooted()
    often.set(rootOf(1), validators(1))
    expect(grave(often.set(rootOf(2), { ...validators(2), from: relayer }))).toEqual([])
    expect(grave(rooted(true).set(rootOf(1), validators(1)))).toEqual([])
    const close = call('function close(uint256 day)', [7])
    expect(grave(rooted().set(rootOf(1), { input: close }))).toEqual([])
  })
})
