import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { newCallPath } from './newCallPath.ts'

const [vault, bank, ana, bot, dollar, thief] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const use = (name: string, amount = 1): Hex => call(`function ${name}(uint256 amount)`, [amount])
const paid = (value: bigint, to = ana) => transferLog(dollar, { from: vault, to, value })

function watching(options: object = {}) {
  const world = new World().holds(dollar, vault, 1_000_000n).settle()
  const on = [contract('vault', vault), contract('bank', bank)]
  const watch = scene(newCallPath, on, { options: { warmUp: 4, ...options }, world })
  let held = 1_000_000n
  return {
    world,
    watch,
    /** One transaction by which so much leaves the vault. */
    go(
      calls: SomeCall[],
      amount = 5n,
      { from = ana, to = bot, input = '0x' as Hex, status = 'success' as const, more = [] as SomeLog[] } = {},
    ) {
      if (status === 'success') held -= amount
      world.holds(dollar, vault, held)
      const logs = [event('event Used()', vault), ...(amount > 0n ? [paid(amount)] : []), ...more]
      return watch.see({ transactions: [tx({ from, to, input, calls, logs, status })] })
    },
  }
}
type Scene = ReturnType<typeof watching>

const usual: SomeCall[] = [
  { to: vault, input: use('deposit') },
  { to: vault, input: use('withdraw'), calls: [{ to: bank, input: use('settle') }] },
]
/** Four transactions of two ways. */
const warm = (on: Scene = watching()): Scene => {
  for (let round = 0; round < 2; round++) {
    on.go(usual)
    on.go([], 5n, { to: vault, input: use('withdraw') })
  }
  return on
}
/** A withdrawal inside of what the bank does. */
const odd: SomeCall[] = [
  {
    to: vault,
    input: use('withdraw'),
    calls: [{ to: bank, input: use('settle'), calls: [{ to: vault, input: use('withdraw') }] }],
  },
]

describe('a way that nobody took before', () => {
  test('is told of where something leaves by it for nothing, once', () => {
    const { go } = warm()
    const { claims, blind } = go(odd, 7n, { from: thief })
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        address: vault,
        evidence: 'soft',
        title:
          'A transaction took a way through vault that none took before, and 7 base units of 0x0000…5555 (0 %) left vault',
        facts: {
          sender: thief,
          path: expect.stringMatching(/^contract → 0x\w{8}, inside 1: ours → 0x\w{8}, inside 2: ours/),
        },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
    expect(go(odd, 7n).claims).toEqual([])
  })

  test('is told apart by the kind of the caller and by the order', () => {
    const { go } = warm()
    expect(go([], 5n, { to: bank, input: use('settle') }).claims).toHaveLength(1)
    expect(go([{ to: bank, input: use('settle') }]).claims).toHaveLength(1)
    expect(go([...usual].reverse()).claims).toHaveLength(1)
  })

  test('is the same whatever the arguments, how often it loops, and what is only asked', () => {
    const { go } = warm()
    const views: SomeCall = { kind: 'staticcall', to: vault, input: use('preview') }
    const many = usual.flatMap((each) => [
      each,
      views,
      { ...each, input: `${(each.input as string).slice(0, 10)}07` as Hex },
    ])
    expect(go(many).claims).toEqual([])
  })
})

describe('silent are', () => {
  test('ways by which nothing leaves, and those that were paid for, which are learned all the same', () => {
    const { go, world } = warm()
    expect(go(odd, 0n).claims).toEqual([])
    expect(go(odd, 7n).claims).toEqual([])
    const euro = account(0xe0)
    world.holds(euro, vault, 50n).settle()
    world.holds(euro, vault, 57n)
    const price = { from: ana, to: vault, value: 7n }
    const more = [transferLog(euro, price)]
    expect(go([{ to: vault, input: use('trade') }], 7n, { more }).claims).toEqual([])
  })

  test('what failed, which is not learned either', () => {
    const { go } = warm()
    expect(go([{ ...odd[0]!, error: 'execution reverted' }], 0n).claims).toEqual([])
    expect(go(odd).claims).toHaveLength(1)
  })

  test('the first transactions, until enough were seen', () => {
    const { go } = watching({ warmUp: 2 })
    expect([go(usual), go(odd), go([{ to: bank, input: use('settle') }])].map(({ claims }) => claims.length)).toEqual([
      0, 0, 1,
    ])
  })

  test('tokens that only tell that they left', () => {
    const { watch } = warm()
    const transactions = [tx({ from: thief, to: bot, calls: odd, logs: [paid(7n)] })]
    expect(watch.see({ transactions }).claims).toEqual([])
  })
})

test('says that it is blind where a balance is not told', () => {
  const { go, world } = warm()
  world.down.add(dollar)
  expect(go(odd)).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
})

test('the memory stays small, whoever floods it', () => {
  const { watch } = warm()
  for (let round = 0; round < 20; round++) {
    const transactions = Array.from({ length: 100 }, (_, n) => {
      const input: Hex = `0x${(100 * round + n).toString(16).padStart(8, '0')}`
      return tx({ from: thief, to: bot, calls: [{ to: vault, input }], logs: [paid(0n)] })
    })
    watch.see({ transactions })
  }
  const rows = [...watch.memory].flatMap(([key, value]) =>
    key.startsWith('paths') ? [(value as unknown[]).length] : [],
  )
  expect(rows.length).toBeLessThanOrEqual(16)
  expect(Math.max(...rows)).toBe(64)
  expect(watch.memory.get('seen')).toMatchObject({ transactions: 4 })
})
