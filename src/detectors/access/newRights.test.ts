import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  chief,
  grant,
  moved,
  numbered,
  pool,
  poolScene,
  somebody,
  thief,
  timelock,
  view,
} from '../../../test/harness/detectors/newRightsScene.ts'
import { call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { newRights } from './newRights.ts'

const told = 'event OperatorSet(address account, bool on)'
const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'

const executed = (id: Hex, data: Hex): SomeLog =>
  event(
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
    timelock,
    { id, index: 0n, target: pool, value: 0n, data },
  )

describe('a right that an account did not have', () => {
  test('pages where only few may give it', () => {
    const { claims, blind, block } = poolScene().given(thief)
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        address: pool,
        transactionHash: block.transactions[0]!.hash,
        title: '0x3333…3333 has a right with pool that it did not have (0x6d70f7ae), given by 0x2222…2222',
        facts: { account: thief, view, sender: chief },
        evidence: 'hard',
        actors: [thief],
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('is found behind a call through others, by what the contract tells', () => {
    const { claims } = poolScene().given(thief, {
      to: numbered(7),
      input: '0x12345678',
      logs: [event(told, pool, { account: thief, on: true })],
    })
    expect(claims).toHaveLength(1)
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('is found in a call that is handed on, of which the contract tells nothing', () => {
    const inner = call(grant, [thief, true])
    const wrapped = call('function multicall(bytes[] calls)', [[inner]])
    expect(poolScene().given(thief, { input: wrapped }).claims).toHaveLength(1)
    const twice = call('function execute(address to, bytes data)', [chief, wrapped])
    expect(poolScene().given(thief, { input: twice }).claims).toHaveLength(1)
  })

  test.each<[string, (pool: ReturnType<typeof poolScene>) => Partial<Parameters<typeof tx>[0]>, string]>([
    ['it took it itself', () => ({ from: thief }), 'it gave it to itself'],
    [
      'anybody may make the call',
      ({ world }) => {
        world.set(`call ${pool} ${call(grant, [thief, true])} from ${nobody}`, 1n)
        return {}
      },
      'anybody may make this call',
    ],
    ['it was bought', () => ({ value: 1n }), 'anybody may make this call'],
    ['tokens moved to it', () => ({ logs: [moved(thief)] }), 'tokens moved from or to it in the same transaction'],
  ])('is no reason to wake anybody where %s', (_, rest, milder) => {
    const scene = poolScene()
    expect(scene.given(thief, rest(scene)).claims).toMatchObject([{ severity: 'medium', facts: { milder } }])
  })

  test('pages though a token that nobody named tells of a transfer', () => {
    expect(poolScene([]).given(thief, { logs: [moved(thief)] }).claims[0]).not.toHaveProperty('severity')
  })

  test('pages though tokens moved to somebody else', () => {
    expect(poolScene().given(thief, { logs: [moved(chief)] }).claims[0]).not.toHaveProperty('severity')
  })

  test('is usual from the fourth on that is given the same way, and another way is not', () => {
    const scene = poolScene()
    const given = [11, 12, 13, 14].map((n) => scene.given(somebody(n)).claims[0]?.severity)
    expect(given).toEqual([undefined, undefined, undefined, 'medium'])
    const other = call('function addOperator(address account)', [thief])
    expect(scene.given(thief, { input: other }).claims[0]).not.toHaveProperty('severity')
  })

  test('is mild where a timelock had announced it', () => {
    const { world, given } = poolScene()
    const id = keccak256('0x01')
    const data = call(grant, [thief, true])
    world
      .set(`call ${timelock} ${call('function getTimestamp(bytes32 id)', [id])}`, 1_600_000_000n)
      .set(`call ${timelock} ${call('function getMinDelay()')}`, 3_600n)
    const { claims } = given(thief, {
      to: timelock,
      input: '0x134008d3',
      logs: [event(told, pool, { account: thief, on: true }), executed(id, data)],
    })
    expect(claims).toMatchObject([{ severity: 'medium', facts: { planned: expect.stringContaining(timelock) } }])
  })
})

describe('a right that a contract gives for others', () => {
  const safe = numbered(9)
  const grantIt = call(grant, [thief, true])
  const inner = { from: safe, to: pool, input: grantIt }
  const through = (
    rest: Partial<Parameters<typeof tx>[0]> = {},
    { givers = ['$safe'], isOpen = false }: { givers?: string[]; isOpen?: boolean } = {},
  ) => {
    const world = new World()
    const stands = (has: boolean) => world.set(`call ${pool} ${view}${word(thief).slice(2)}`, BigInt(has))
    const names = [contract('safe', safe, { role: 'dependency' })]
    const watch = scene(newRights, [contract('pool', pool)], { options: { views: [view], givers }, names, world })
    stands(false)
    if (isOpen) world.set(`call ${pool} ${grantIt} from ${nobody}`, 1n)
    world.settle()
    stands(true)
    return { see: () => watch.see({ transactions: [tx({ to: safe, input: '0x6a761202', calls: [inner], ...rest })] }) }
  }

  test('pages, though nothing was told of it and whoever relays it is the one who has it', () => {
    const { claims, blind } = through({ from: thief }).see()
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        title: '0x3333…3333 has a right with pool that it did not have (0x6d70f7ae), given by safe',
        facts: { account: thief, way: '0x558a7297' },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('is mild where anybody may make the call, or the contract took it for itself', () => {
    const open = through({}, { isOpen: true })
    expect(open.see().claims).toMatchObject([{ severity: 'medium', facts: { milder: 'anybody may make this call' } }])
    const self = through({ from: safe, to: thief, calls: [{ ...inner, from: thief }] }, { givers: [thief] })
    expect(self.see().claims).toMatchObject([{ severity: 'medium', facts: { milder: 'it gave it to itself' } }])
  })

  test('is not looked for in calls that failed, and not at all where nobody is named', () => {
    expect(through({ status: 'reverted' }).see()).toMatchObject({ claims: [], blind: [] })
    expect(through({ calls: [{ ...inner, error: 'execution reverted' }] }).see()).toMatchObject({ claims: [] })
    expect(through({ calls: [{ ...inner, kind: 'staticcall' }] }).see()).toMatchObject({ claims: [] })
    expect(through({}, { givers: [] }).see()).toMatchObject({ claims: [], blind: [] })
  })
})

test.each<[string, bigint, string | undefined]>([
  ['nobody makes himself an owner in the course of business', 0n, undefined],
  ['but he may buy what makes him one', 1n, 'medium'],
])('%s', (_, value, severity) => {
  const [owners, world] = ['0x2f54bf6e', new World()]
  const watch = scene(newRights, [contract('pool', pool)], { options: { views: [owners] }, world })
  const stands = (has: boolean) => world.set(`call ${pool} ${owners}${word(thief).slice(2)}`, BigInt(has))
  stands(false)
  world.settle()
  stands(true)
  const input = call('function initWallet(address owner)', [thief])
  world.set(`call ${pool} ${input} from ${nobody}`, 1n)
  const { claims } = watch.see({ transactions: [tx({ from: thief, to: pool, input, value })] })
  expect(claims.map((claim) => claim.severity)).toEqual([severity])
})

describe('what is no right', () => {
  test.each<[string, bigint, bigint]>([
    ['had before', 1n, 1n],
    ['lost', 1n, 0n],
    ['an amount', 0n, 2n],
  ])('%s', (_, before, after) => {
    const { world, watch, stands } = poolScene()
    stands(thief, before)
    world.settle()
    stands(thief, after)
    expect(
      watch.see({ transactions: [tx({ from: chief, to: pool, input: call(grant, [thief, true]) })] }),
    ).toMatchObject({
      claims: [],
      blind: [],
    })
  })

  test('a call that failed, one to somebody else, and one that is no call of a function', () => {
    expect(poolScene().given(thief, { status: 'reverted' }).claims).toEqual([])
    expect(poolScene().given(thief, { to: numbered(8) }).claims).toEqual([])
    expect(poolScene().given(thief, { input: '0x' }).claims).toEqual([])
  })
})

test('its selector is that of isOperator(address)', () => {
  expect(keccak256(toHex('isOperator(address)')).slice(0, 10)).toBe(view)
})
