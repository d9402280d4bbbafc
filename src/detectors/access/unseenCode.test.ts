import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { call, event, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { unseenCode } from './unseenCode.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [wallet, keeper, module, hostile, timelock, logic] = [1, 2, 3, 4, 5, 6].map(somebody) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const run = (code: Address, ...calls: SomeCall[]): SomeCall => ({ kind: 'delegatecall', from: wallet, to: code, calls })

/** SSTORE, and what cannot store anything. */
const [storing, harmless]: [Hex, Hex] = ['0x60015f55', '0x605500']

function walletScene(options: object = {}) {
  const world = new World()
  for (const code of [hostile, ...Array.from({ length: 200 }, (_, n) => somebody(n))])
    world.set(`code ${code}`, storing)
  const names = [
    contract('timelock', timelock, { role: 'dependency', kind: 'timelock' }),
    contract('module', module, { role: 'dependency' }),
  ]
  const watch = scene(unseenCode, [contract('wallet', wallet)], { options, names, world })
  const see = (calls: SomeCall[], rest: Partial<Parameters<typeof tx>[0]> = {}) =>
    watch.see({ transactions: [tx({ from: keeper, to: wallet, input: '0x12345678', ...rest, calls })] })
  return {
    ...{ world, watch, see },
    /** It runs the module so often. */
    used(times: number) {
      for (let time = 0; time < times; time++) see([run(module)])
    },
  }
}

describe('code that a contract never ran', () => {
  test('pages once it is known what it runs', () => {
    const { see, used } = walletScene()
    used(4)
    const { claims, blind, block } = see([run(hostile)])
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        address: wallet,
        transactionHash: block.transactions[0]!.hash,
        facts: { code: hostile, sender: keeper, calledContract: wallet },
        evidence: 'hard',
        actors: [hostile, keeper],
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
    expect(see([run(hostile)]).claims).toEqual([])
  })

  test('pages nobody one transaction too early, and not while there is much that is new', () => {
    const early = walletScene()
    early.used(3)
    expect(early.see([run(hostile)]).claims).toEqual([])
    const busy = walletScene()
    for (let n = 10; n < 15; n++) busy.see([run(somebody(n))])
    for (let n = 0; n < 9; n++) busy.see([run(somebody(10))])
    expect(busy.see([run(somebody(20))]).claims).toEqual([])
    for (let n = 0; n < 12; n++) busy.see([run(somebody(10))])
    expect(busy.see([run(somebody(21))]).claims[0]).not.toHaveProperty('severity')
  })

  test('pages where it never ran any', () => {
    const { see } = walletScene()
    for (let n = 0; n < 3; n++) see([])
    expect(see([run(hostile)]).claims[0]).not.toHaveProperty('severity')
  })

  test('is found behind code that it knows', () => {
    const { see, used } = walletScene()
    used(5)
    expect(see([run(module, run(hostile))]).claims).toMatchObject([{ facts: { code: hostile } }])
  })

  test.each<[string, SomeCall, Partial<Parameters<typeof tx>[0]>]>([
    ['that others run', { kind: 'delegatecall', from: module, to: hostile }, {}],
    ['that it merely calls', { from: wallet, to: hostile }, {}],
    ['that is its own', run(wallet), {}],
    ['that failed', { ...run(hostile), error: 'reverted' }, {}],
    ['of a transaction that failed', run(hostile), { status: 'reverted' }],
  ])('%s is none', (_, inside, rest) => {
    const { see, used } = walletScene()
    used(5)
    expect(see([inside], rest).claims).toEqual([])
  })

  test('is none that stands behind it, is linked with what runs it, or is allowed', () => {
    const { see, used, world } = walletScene({ known: [hostile] })
    used(5)
    expect(see([run(hostile)]).claims).toEqual([])
    world.set(`implementation ${wallet}`, word(logic)).settle()
    world.set(`code ${logic}`, `0x73${somebody(7).slice(2)}5af4`)
    expect(see([run(logic, run(somebody(7)))]).claims).toEqual([])
    expect(see([run(logic, run(somebody(8)))]).claims).toHaveLength(1)
  })

  test('is none that a timelock had announced', () => {
    const { see, used, world } = walletScene()
    used(5)
    const id = keccak256('0x01')
    const data = call('function allow(address module)', [hostile])
    world
      .set(`call ${timelock} ${call('function getTimestamp(bytes32 id)', [id])}`, 1_600_000_000n)
      .set(`call ${timelock} ${call('function getMinDelay()')}`, 3_600n)
      .settle()
    const executed = event(
      'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
      timelock,
      { id, index: 0n, target: wallet, value: 0n, data },
    )
    see([], { to: timelock, logs: [executed] })
    expect(see([run(hostile)]).claims).toEqual([])
    expect(see([run(somebody(9))]).claims).toHaveLength(1)
  })

  test('is no news where it left nothing behind', () => {
    const { see, used, world } = walletScene()
    used(5)
    world.set(`code ${hostile}`, harmless)
    expect(see([run(hostile)]).claims).toEqual([])
    const allow = {
      from: wallet,
      to: somebody(30),
      input: call('function approve(address who, uint256 value)', [keeper, 1n]),
    }
    const quiet = () => Array.from({ length: 8 }, () => see([]))
    world.set(`code ${somebody(31)}`, harmless).set(`code ${somebody(32)}`, harmless)
    quiet()
    expect(see([run(somebody(31), allow)]).claims[0]).not.toHaveProperty('severity')
    quiet()
    expect(see([run(somebody(32), { ...allow, error: 'reverted' })]).claims).toEqual([])
  })

  test('pages however much harmless code was run before', () => {
    const { see, used, world } = walletScene()
    used(5)
    const many = Array.from({ length: 200 }, (_, n) => somebody(1_000 + n))
    for (const each of many) {
      world.set(`code ${each}`, harmless)
      expect(see([run(each)]).claims).toEqual([])
    }
    expect(see([run(hostile)]).claims).toHaveLength(1)
  })

  test('may take what is of the sender, and nothing of others', () => {
    const { see, used, world } = walletScene()
    used(5)
    const take = (from: Address) => ({
      ...{ from: wallet, to: somebody(30) },
      input: call('function transferFrom(address from, address to, uint256 value)', [from, hostile, 1n]),
    })
    for (const n of [31, 32]) world.set(`code ${somebody(n)}`, harmless)
    expect(see([run(somebody(31), take(keeper))]).claims).toEqual([])
    for (let n = 0; n < 6; n++) see([])
    expect(see([run(somebody(32), take(logic))]).claims).toMatchObject([{ facts: { seized: '0x23b872dd' } }])
  })

  test('that nobody can judge is told as blindness', () => {
    const { see, used, world } = walletScene()
    used(5)
    world.down.add('implementation')
    const { claims, blind } = see([run(hostile)])
    expect([claims, blind]).toEqual([[], ['Whose code wallet runs by rights could not be read.']])
  })

  test('is judged for at most sixteen addresses of a block', () => {
    const { see, used } = walletScene()
    used(5)
    const many = Array.from({ length: 18 }, (_, n) => run(somebody(100 + n)))
    const { claims, blind } = see(many)
    expect(claims).toHaveLength(16)
    expect(blind).toEqual(['2 more addresses whose code wallet ran in one block were not judged.'])
  })
})
