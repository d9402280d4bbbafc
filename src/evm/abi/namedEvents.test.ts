import { expect, expectTypeOf, test } from 'vitest'
import { account, event, block as serveBlock, tx } from '../../../test/harness/node/block.ts'
import { modelBlock } from '../../../test/harness/scene.ts'
import type { Hex, Log } from '../../model/chain.ts'
import { namedEvents } from './namedEvents.ts'
import type { ValuesOf } from './valuesOf.ts'

const [vault, ana] = [account(0x7a), account(0xa)]
const paused = 'event Paused(address indexed by)'
const paid = 'event Paid(address indexed to, uint256 amount)'
const logsOf = (...logs: ReturnType<typeof event>[]): Log[] =>
  modelBlock(serveBlock({ transactions: [tx({ logs })] })).receipts![0]!.logs.slice()
const show = () => 'vault'

test('reads what it knows in its order, by its own names, and passes over the rest', () => {
  const events = namedEvents({ paused, paid })
  const logs = logsOf(
    event(paid, vault, { to: ana, amount: 5n }),
    event('event Other(address indexed by)', vault, { by: ana }),
    event(paused, vault, { by: ana }),
  )
  const { told, unread } = events.read(logs, show)
  expect(told.map(({ name, values }) => [name, values])).toEqual([
    ['paid', [ana, 5n]],
    ['paused', [ana]],
  ])
  expect([...unread]).toEqual([])
  expect(logs.map(events.has)).toEqual([true, false, true])
  expect(events.topics.paid).toBe(logs[0]!.topics[0])
})

test('says what it cannot read, and tries the other forms of an event before', () => {
  const logs = logsOf(event('event Paused(address by)', vault, { by: ana }))
  const [usual, both] = [
    namedEvents({ paused }),
    namedEvents({ paused }, (each) => [
      each,
      { ...each, inputs: each.inputs.map((one) => ({ ...one, indexed: false })) },
    ]),
  ].map((events) => events.read(logs, show))
  expect(usual!.told).toEqual([])
  expect([...usual!.unread]).toEqual([
    expect.stringMatching(/^A log Paused of vault could not be read: The log has 1 topics/),
  ])
  expect(both!.told).toMatchObject([{ name: 'paused', values: [ana] }])
  expect([...both!.unread]).toEqual([])
})

test('knows the types of what tuples hold', () => {
  type Values =
    ValuesOf<'event Asked(uint256 indexed id, ((address to, uint8 kind)[] calls, bytes32 hash) what, string[] words)'>
  expectTypeOf<Values>().toEqualTypeOf<[bigint, [[Hex, bigint][], Hex], string[]]>()
})
