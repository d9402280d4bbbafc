import { encodeAbiParameters, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { dependencyMap } from './dependencyMap.ts'

const numbered = (n: number): Address => `0x${String(n).repeat(40)}`
const [vault, registry, hostile] = [numbered(1), numbered(2), numbered(3)]
const [oracle, timelock, thief] = [numbered(4), numbered(5), numbered(6)]
const getter = '0x7b103999'
const names = [
  contract('registry', registry, { role: 'dependency' }),
  contract('oracle', oracle, { role: 'dependency' }),
  contract('timelock', timelock, { role: 'dependency', kind: 'timelock' }),
]
const link = { in: '$vault', what: 'registry', call: getter, is: '$registry' }
const far = { in: '$registry', what: 'oracle', slot: '0x3', far: true }

function mapScene(options: object = {}, links: object[] = [link]) {
  const world = new World()
    .set(`call ${vault} ${getter}`, BigInt(registry))
    .set(`storage ${registry} ${word(3)}`, BigInt(oracle))
  const watch = scene(dependencyMap, [contract('vault', vault)], { options: { links, ...options }, names, world })
  const point = (to: Address | null) => world.set(`call ${vault} ${getter}`, to === null ? null : BigInt(to))
  return { world, watch, point }
}
const swap = tx({ from: thief, to: vault, input: '0x12345678' })

describe('a link of the map', () => {
  test('is silent while it points where it did, and grave when it points elsewhere', () => {
    const { watch, point } = mapScene()
    expect([watch.see(), watch.see()].flatMap(({ claims }) => claims)).toEqual([])
    point(hostile)
    const [claim, ...rest] = watch.see({ transactions: [swap] }).claims
    expect(rest).toEqual([])
    expect(claim).toMatchObject({
      address: vault,
      title: 'vault relies on another registry: 0x3333…3333 instead of registry',
      facts: { before: registry, now: hostile, sender: thief, transaction: swap.hash },
      evidence: 'hard',
    })
    expect(claim).not.toHaveProperty('severity')
    expect(watch.see().claims).toEqual([])
  })

  test('is compared with the map, so that a change before the first block shows; without one what is seen is right', () => {
    const first = mapScene()
    first.point(hostile)
    expect(first.watch.see().claims).toHaveLength(1)
    expect(first.watch.see().claims).toEqual([])
    const unsure = mapScene({}, [{ ...link, is: undefined }])
    unsure.point(hostile)
    expect(unsure.watch.see().claims).toEqual([])
  })

  test('without a map is compared with what it was before the first block, unless it was nothing', () => {
    const links = [{ ...link, is: undefined }]
    const swapped = mapScene({}, links)
    swapped.world.settle()
    swapped.point(hostile)
    expect(swapped.watch.see().claims.map(({ title }) => title)).toEqual([
      'vault relies on another registry: 0x3333…3333 instead of registry',
    ])
    const deployed = mapScene({}, links)
    expect(deployed.watch.see().claims).toEqual([])
  })

  test('of a list is medium where all who came put themselves there, and grave where another did, or took one off', () => {
    const list = (...items: Address[]) => encodeAbiParameters(parseAbiParameters('address[]'), [items])
    const changed = (next: Address[], from: Address) => {
      const { watch, world } = mapScene({}, [{ in: '$vault', what: 'list of keys', call: getter }])
      world.set(`call ${vault} ${getter}`, list(registry, oracle))
      watch.see()
      world.set(`call ${vault} ${getter}`, list(...next))
      const { claims } = watch.see({ transactions: [tx({ from, to: vault, input: '0x12345678' })] })
      return claims.map(({ severity }) => severity ?? dependencyMap.severity)
    }
    expect(changed([registry, oracle, thief], thief)).toEqual(['medium'])
    expect(changed([registry, oracle, thief], hostile)).toEqual(['high'])
    expect(changed([registry, oracle, thief, hostile], thief)).toEqual(['high'])
    expect(changed([registry, thief], thief)).toEqual(['high'])
    expect(changed([registry], thief)).toEqual(['high'])
  })

  test('speaks when it names nothing any more, and is blind where nobody answers', () => {
    const { watch, point, world } = mapScene()
    watch.see()
    world.down.add(getter)
    expect(watch.see()).toMatchObject({ claims: [], blind: ['The registry of vault could not be read.'] })
    world.down.clear()
    point(null)
    expect(watch.see().claims).toMatchObject([{ title: 'vault names no registry any more; it was registry' }])
  })

  test('in another contract of the same protocol is grave at once, and told to those who rely on it', () => {
    const { watch, world } = mapScene({ farEveryBlocks: 1000 }, [{ ...far, far: undefined, kin: true }])
    world.set(`storage ${registry} ${word(3)}`, BigInt(oracle))
    watch.see()
    world.set(`storage ${registry} ${word(3)}`, BigInt(hostile))
    const { claims } = watch.see()
    expect(claims).toMatchObject([
      { address: vault, title: 'registry relies on another oracle: 0x3333…3333 instead of oracle' },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('far away is medium, told to those who rely on it, and read every so many blocks', () => {
    const { watch, world } = mapScene({ farEveryBlocks: 10 }, [far])
    const slot = `storage ${registry} ${word(3)}`
    for (let count = 0; count < 10; count++) watch.see()
    // Smaller values may stand above the address in its slot.
    world.set(slot, (7n << 160n) | BigInt(oracle))
    for (let count = 0; count < 10; count++) expect(watch.see().claims).toEqual([])
    world.set(slot, BigInt(hostile))
    for (let count = 0; count < 9; count++) expect(watch.see().claims).toEqual([])
    expect(watch.see().claims).toMatchObject([{ address: vault, severity: 'medium', facts: { holder: registry } }])
  })

  test('is compared as a list where the contract answers one, whatever its length says', () => {
    const { watch, world } = mapScene({}, [{ ...link, is: undefined, what: 'list of reserves' }])
    const list = (...items: Address[]) => encodeAbiParameters(parseAbiParameters('address[]'), [items])
    world.set(`call ${vault} ${getter}`, list(registry, oracle))
    watch.see()
    world.set(`call ${vault} ${getter}`, list(registry, oracle, hostile))
    expect(watch.see().claims).toMatchObject([{ title: 'The list of reserves of vault changed: 0x3333…3333 came' }])
    world.set(`call ${vault} ${getter}`, `${word(32)}${'f'.repeat(64)}`)
    expect(watch.see().claims).toHaveLength(1)
    world.set(`call ${vault} ${getter}`, `0x${'ab'.repeat(5_000)}`)
    expect(JSON.stringify(watch.see().claims).length).toBeLessThan(2_000)
  })

  test('that holds code speaks when the code is another', () => {
    const { watch, world } = mapScene({ farEveryBlocks: 1 }, [{ in: '$registry', code: true }])
    world.set(`code ${registry}`, '0x6001')
    watch.see()
    expect(watch.see().claims).toEqual([])
    world.set(`code ${registry}`, '0x6002')
    expect(watch.see().claims).toMatchObject([{ address: registry, facts: { what: 'code' } }])
  })

  test('that turns to what the config allows is news only', () => {
    const { watch, point } = mapScene({ allowed: [hostile] })
    watch.see()
    point(hostile)
    expect(watch.see().claims).toMatchObject([{ severity: 'info' }])
  })

  test('that changed three times lately is known to change', () => {
    const { watch, point } = mapScene()
    watch.see()
    const said = [oracle, hostile, registry, oracle].map((to) => {
      point(to)
      return watch.see().claims[0]?.severity
    })
    expect(said).toEqual([undefined, undefined, undefined, 'medium'])
  })
})

describe('a change by a timelock', () => {
  const executed =
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'
  const id = word(77)
  const run = (to: Address, by: Address = timelock) =>
    tx({
      from: thief,
      to: by,
      logs: [
        event(executed, by, { id, index: 0n, target: vault, value: 0n, data: call('function set(address a)', [to]) }),
      ],
    })
  const start = 1_704_067_200
  /** The timelock knows the operation, which was ready a minute before. */
  function announced(readyAt = start - 60, delay = 172_800n, by: Address = timelock) {
    const all = mapScene()
    all.watch.see({ timestamp: start - 1_000 })
    all.world
      .set(`call ${by} 0xd45c4435${id.slice(2)}`, BigInt(readyAt))
      .set(`call ${by} 0xf27a0c92`, delay)
      .settle()
    all.point(hostile)
    return all.watch
  }
  const severityOf = (watch: ReturnType<typeof announced>, transaction = run(hostile)) =>
    watch.see({ timestamp: start, transactions: [transaction] }).claims.map(({ severity }) => severity)

  test('is medium where it was scheduled, has waited, and names the new value', () => {
    expect(severityOf(announced())).toEqual(['medium'])
  })

  test('is medium where it goes by a contract in between that is told which contract and what', () => {
    const data = call('function turn(address holder, address to)', [vault, hostile])
    const args = { id, index: 0n, target: oracle, value: 0n, data }
    expect(severityOf(announced(), tx({ from: thief, to: timelock, logs: [event(executed, timelock, args)] }))).toEqual(
      ['medium'],
    )
    const other = { ...args, data: call('function turn(address holder, address to)', [registry, hostile]) }
    expect(
      severityOf(announced(), tx({ from: thief, to: timelock, logs: [event(executed, timelock, other)] })),
    ).toEqual([undefined])
  })

  test('pages where it was not scheduled, waits for nothing, names another, or the timelock is a stranger', () => {
    expect(severityOf(announced(0))).toEqual([undefined])
    expect(severityOf(announced(start - 60, 0n))).toEqual([undefined])
    expect(severityOf(announced(), run(oracle))).toEqual([undefined])
    expect(severityOf(announced(start - 60, 172_800n, thief), run(hostile, thief))).toEqual([undefined])
  })
})

test('the map is checked when the config is read', () => {
  const parse = (links: object[]) => dependencyMap.options.safeParse({ links }).success
  expect(parse([link])).toBe(true)
  expect(parse([{ in: '$vault' }])).toBe(false)
  expect(parse([{ ...link, slot: '0x1' }])).toBe(false)
  expect(parse([{ ...link, what: 'a\nb' }])).toBe(false)
  expect(parse(Array.from({ length: 201 }, () => link))).toBe(false)
  expect(() => mapScene({}, [{ ...link, is: '$nobody' }])).toThrow('$nobody')
})
