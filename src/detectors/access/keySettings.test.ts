import { encodeAbiParameters, keccak256, toHex, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { keySettings } from './keySettings.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [plan, chief, payee, thief, timelock, safe, relayer] = [1, 2, 3, 4, 5, 6, 7].map(somebody) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'
const [value, list]: [Hex, Hex] = ['0xae90b213', '0xbb0b6a53']
const setPayee = 'function setPayee(address next)'
const setRoot = 'function setRoot(bytes32 root)'
const setPeer = 'function setPeer(uint32 chain, bytes32 peer)'
const rootOf = (n: number): Hex => keccak256(toHex(n))

function planScene({ restless = false, lists = false }: { restless?: boolean; lists?: boolean } = {}) {
  const world = new World()
  const options = {
    ...(lists ? { lists: [list] } : { values: [value.toUpperCase().replace('X', 'x')] }),
    ...(restless && { restless: [value] }),
  }
  const names = [contract('timelock', timelock, { role: 'dependency', kind: 'timelock' })]
  const watch = scene(keySettings, [contract('plan', plan)], { options, names, world })
  const stands = (now: Hex) => world.set(`call ${plan} ${value}`, word(now))
  stands(payee)
  world.settle()
  let time = 1_700_000_000
  return {
    ...{ world, watch, stands },
    /** A transaction after which another value stands there. */
    set(now: Hex, rest: Partial<Parameters<typeof tx>[0]> = {}, later = 12) {
      world.settle()
      stands(now)
      time += later
      return watch.see({
        timestamp: time,
        transactions: [tx({ from: chief, to: plan, input: rest.input ?? call(setPayee, [now]), ...rest })],
      })
    },
    publish(now: Hex, from = chief) {
      world.settle()
      stands(now)
      return watch.see({ transactions: [tx({ from, to: plan, input: call(setRoot, [now]) })] })
    },
    peer(now: Hex, was: Hex, rest: Partial<Parameters<typeof tx>[0]> = {}) {
      const question = `call ${plan} ${list}${word(30_110).slice(2)}`
      world.set(question, word(was)).settle().set(question, word(now))
      return watch.see({
        transactions: [tx({ from: chief, to: plan, input: call(setPeer, [30_110, word(now)]), ...rest })],
      })
    },
  }
}

const grave = ({ claims }: ReturnType<ReturnType<typeof planScene>['set']>) =>
  claims.filter(({ severity }) => severity === undefined)

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

describe('what is nothing from now on', () => {
  const process = 'function process(bytes32 leaf, uint256 amount)'
  const clear = 'function reset(bytes32 root)'
  const [leaf, zero] = [rootOf(42), word(0)]
  /** The same leaf with another last digit: nobody proved that one. */
  const forged: Hex = `${leaf.slice(0, -1)}${(Number.parseInt(leaf.slice(-1), 16) ^ 1).toString(16)}` as Hex
  function inbox() {
    const { world, watch, stands } = planScene()
    const used = () => watch.see({ transactions: [tx({ from: relayer, to: plan, input: call(process, [leaf, 7]) })] })
    stands(rootOf(1))
    watch.see({})
    used()
    return {
      ...{ world, watch, used },
      clears(isOpen: boolean) {
        world.settle()
        stands(zero)
        if (isOpen) world.set(`call ${plan} ${call(process, [forged, 7])} from ${nobody}`, '0x')
        return watch.see({ transactions: [tx({ from: chief, to: plan, input: call(clear, [zero]) })] })
      },
    }
  }

  test('pages where a call that nobody vouches for is refused before and passes now', () => {
    const { claims } = inbox().clears(true)
    expect(claims).toMatchObject([{ facts: { now: zero, opened: call(process, [leaf, 7]).slice(0, 10) } }])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages nobody where it closes, or was open before', () => {
    expect(inbox().clears(false).claims).toMatchObject([{ severity: 'medium' }])
    const open = inbox()
    open.world.set(`call ${plan} ${call(process, [forged, 7])} from ${nobody}`, '0x')
    expect(open.clears(true).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('asks little: of four functions, and not at what is used every day', () => {
    const { watch, used, clears } = inbox()
    expect(used().reads.filter(({ kind }) => kind === 'call').length).toBeLessThan(6)
    for (let n = 0; n < 20; n++)
      watch.see({
        transactions: [
          tx({ from: relayer, to: plan, input: `0x1234${n + 10}00${word(5).slice(2).repeat(24)}` as Hex }),
        ],
      })
    expect(clears(true).reads.length).toBeLessThan(2 * 4 * 12 + 8)
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
