import { type Abi, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { absence } from './absence.ts'
import { expression } from './expression.ts'
import { state } from './state.ts'

const [proxy, v1, v2, v3, ana] = [0x70, 0xb1, 0xb2, 0xb3, 0xa1].map((number) => account(number * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** The same topic, and the amount in another place. */
const oldEvent = 'event Paid(uint256 fee, uint256 amount)'
const newEvent = 'event Paid(uint256 amount, uint256 fee)'
const abis = new Map<Address, Abi>([
  [v1, parseAbi([oldEvent, 'function pay(uint256 amount)'])],
  [v2, parseAbi([newEvent, 'function pay(uint256 amount, address to)', 'function sweep(address to)'])],
])
const vault = contract('vault', proxy, { implementations: abis })

const behind = (now: Address, before = now) => {
  const world = new World().set(`implementation ${proxy}`, word(before)).settle()
  return world.set(`implementation ${proxy}`, word(now))
}
const watch = (when: string, world: World, on = vault) => scene(expression, [on], { when, world })
const paid = (first: bigint, second: bigint) => event(oldEvent, proxy, { fee: first, amount: second })
const upgraded = (implementation: Address) =>
  event('event Upgraded(address indexed implementation)', proxy, { implementation })
const logs = (...given: ReturnType<typeof paid>[]) => ({ transactions: [tx({ from: ana, logs: given })] })
const indexes = (claims: readonly { logIndex?: number }[]) => claims.map(({ logIndex }) => logIndex)

describe('a rule about a proxy', () => {
  test.each([
    [v1, [1]],
    [v2, [0]],
  ] as const)('is judged by the ABI of the implementation %s', (implementation, expected) => {
    const { claims, blind } = watch('event Paid if amount >= 100', behind(implementation)).see(
      logs(paid(100n, 1n), paid(1n, 100n)),
    )
    expect([indexes(claims), blind]).toEqual([expected, []])
  })

  test('judges what came before an upgrade by the old one, and what came after by the new one', () => {
    const { claims, blind } = watch('event Paid if amount >= 100', behind(v2, v1)).see({
      transactions: [
        tx({ from: ana, logs: [paid(100n, 1n), paid(1n, 100n), upgraded(v2), paid(100n, 1n), paid(1n, 100n)] }),
        tx({ from: ana, logs: [paid(100n, 1n), paid(1n, 100n)] }),
      ],
    })
    expect([indexes(claims), blind]).toEqual([[1, 3, 5], []])
  })

  test('takes for the call only what the implementation of that moment has', () => {
    const oldCall = tx({ from: ana, to: proxy, input: call('function pay(uint256)', [5n]) })
    const newCall = tx({ from: ana, to: proxy, input: call('function pay(uint256,address)', [5n, ana]) })
    const upgrade = tx({ from: ana, to: proxy, logs: [upgraded(v2)] })
    const transactions = [oldCall, newCall, upgrade, { ...oldCall, hash: word(7) }, { ...newCall, hash: word(8) }]
    const { claims, blind } = watch('call pay if amount == 5', behind(v2, v1)).see({ transactions })
    expect(claims.map(({ transactionHash }) => transactionHash)).toEqual([oldCall.hash, word(8)])
    expect(blind).toEqual([])
  })

  test('is not about what only another implementation has', () => {
    const sweep = { transactions: [tx({ to: proxy, input: call('function sweep(address)', [ana]) })] }
    expect(watch('call sweep', behind(v1)).see(sweep)).toMatchObject({ claims: [], blind: [] })
    expect(watch('call sweep', behind(v2)).see(sweep).claims).toHaveLength(1)
  })

  test('reads nothing in blocks in which nothing of it happened', () => {
    const seeing = watch('event Paid', behind(v1))
    expect(seeing.see({ transactions: [tx({ to: proxy })] }).reads).toEqual([])
    expect(seeing.see(logs(paid(1n, 1n))).reads).toHaveLength(2)
  })

  test('says the same of a block that is seen again', () => {
    const world = behind(v2, v1)
    const seeing = watch('event Paid if amount >= 100', world)
    const first = seeing.see(logs(paid(1n, 100n), upgraded(v2), paid(100n, 1n)))
    world.before = behind(v2, v1).before
    const again = seeing.judge(first.block)
    expect(again.claims).toEqual(first.claims)
    expect(first.claims).toHaveLength(2)
  })
})

describe('an implementation without an ABI', () => {
  const unknown = `behind vault stands ${v3}, and \`implementations:\` gives no ABI for it`

  test('makes the monitor blind, by its name', () => {
    const { claims, blind } = watch('event Paid', behind(v3)).see(logs(paid(1n, 1n)))
    expect([claims, blind]).toEqual([[], [unknown]])
  })

  test('shows at once when it is put there, and again later though nothing is heard of it', () => {
    const seeing = watch('event Paid', behind(v3, v1))
    expect(seeing.see(logs(upgraded(v3))).blind).toEqual([unknown])
    expect(seeing.see({ number: 299 }).blind).toEqual([])
    expect(seeing.see({ number: 300 }).blind).toEqual([unknown])
  })

  test('is judged by `abi` where that is given', () => {
    const withAbi = { ...vault, abi: parseAbi([newEvent]) }
    const { claims, blind } = watch('event Paid if amount >= 100', behind(v3), withAbi).see(logs(paid(100n, 1n)))
    expect([claims.length, blind]).toEqual([1, []])
  })
})

test.each([
  [behind(v2, v1), `changed from ${v1} to ${v2} without a word of when`],
  [behind(account(0)), 'no implementation stands behind vault'],
])('a change that nobody tells, and no implementation, are blindness', (world, words) => {
  expect(
    watch('event Paid', world)
      .see(logs(paid(1n, 1n)))
      .blind.join(),
  ).toContain(words)
})

test('an implementation that cannot be read is blindness', () => {
  const world = behind(v1)
  world.down.add('implementation')
  expect(
    watch('event Paid', world)
      .see(logs(paid(1n, 1n)))
      .blind.join(),
  ).toContain('could not be read')
})

test('an absence goes by the implementation as well', () => {
  const world = behind(v2)
  const seeing = scene(absence, [vault], { options: { of: 'event Paid if amount >= 100', within: 2 }, world })
  const said = [{}, logs(paid(100n, 1n)), {}, logs(paid(1n, 100n))].map((block) => seeing.see(block))
  expect(said.map(({ claims }) => claims.length)).toEqual([0, 0, 0, 1])
})

test('a rule that no ABI knows, or that one of them contradicts, is refused with the name of that one', () => {
  expect(() => watch('event Nothing', behind(v1))).toThrow(RuleError)
  expect(() => watch('call pay if to == $vault', behind(v1))).toThrow(`With the ABI of implementation ${v1}`)
})

describe('what an implementation lacks is noted for whoever checks the config', () => {
  const views = { [v1]: 'function fee() view returns (uint256)', [v2]: 'function total() view returns (uint256)' }
  const readable = new Map<Address, Abi>(
    [...abis].map(([address, abi]) => [address, [...abi, ...parseAbi([views[address]!])]]),
  )
  const proxied = { ...vault, implementations: readable }
  const names = new Map([['vault', proxied]])
  const about = { targets: [proxied], names, chain: { name: 'testnet', id: 1 } }
  const notesOf = (when: string, target = proxied) =>
    expression.compile({ ...about, targets: [target], when, options: { evidence: 'soft', internal: undefined } }).notes

  test('of the event or function that a rule is about', () => {
    expect(notesOf('event Paid if amount >= 100')).toEqual([])
    expect(notesOf('event Upgraded')).toEqual([])
    const none = 'while that runs, none is seen.'
    expect(notesOf('call sweep')).toEqual([`\`function sweep\` is lacking in implementation ${v1} of vault: ${none}`])
    expect(notesOf('call sweep', { ...proxied, abi: parseAbi([oldEvent]) })).toEqual([
      `\`function sweep\` is lacking in implementation ${v1}, every other implementation (\`abi:\`) of vault: ${none}`,
    ])
    const options = { of: 'call sweep', within: 5, internal: undefined }
    expect(absence.compile({ ...about, when: undefined, options }).notes).toEqual(notesOf('call sweep'))
  })

  test('of the functions that it reads', () => {
    const unread = `\`total()\` is lacking in implementation ${v1} of vault: while that runs, it cannot be read.`
    expect(notesOf('event Paid if amount > $vault.total() or fee > $vault.total()')).toEqual([unread])
    expect(notesOf('transfer if value > total()')).toEqual([unread])
    const options = { invariant: 'before(total()) > 0', everyBlocks: 1, evidence: 'soft' as const, plannable: false }
    expect(state.compile({ ...about, when: undefined, options }).notes).toEqual([unread])
  })

  test('of no more implementations than a line has room for', () => {
    const others = Array.from({ length: 7 }, (_, place): [Address, Abi] => [account(place + 1), parseAbi([oldEvent])])
    const [many] = notesOf('call sweep', { ...proxied, implementations: new Map([...readable, ...others]) })!
    expect(many).toContain(`implementation ${account(4)}, 3 more of vault`)
  })
})
