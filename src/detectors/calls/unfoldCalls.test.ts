import { encodePacked, type Hex, size } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call } from '../../../test/harness/node/block.ts'
import { describeCall } from './describeCall.ts'
import type { Instruction } from './instruction.ts'
import { unfoldCalls } from './unfoldCalls.ts'

const [safe, multiSend, token, thief, timelock, proxy] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
]
const zero32: Hex = `0x${'0'.repeat(64)}`
const pay = call('function transfer(address to, uint256 amount)', [thief, 5n])
const root = (rest: Partial<Instruction>): Instruction => ({
  by: safe,
  to: multiSend,
  value: 0n,
  data: '0x',
  way: 'call',
  inside: [],
  ...rest,
})
type Part = { operation?: number; to: Hex; value?: bigint; data?: Hex }
const packed = (parts: Part[]): Hex =>
  call('function multiSend(bytes transactions)', [
    `0x${parts
      .map(({ operation = 0, to, value = 0n, data = '0x' }) =>
        encodePacked(
          ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
          [operation, to, value, BigInt(size(data)), data],
        ).slice(2),
      )
      .join('')}`,
  ])
const lines = (...roots: Instruction[]) => {
  const { calls, unread } = unfoldCalls(roots)
  return { calls: calls.map((each) => describeCall(each, (address) => address)), unread }
}

describe('unfolding calls', () => {
  test('opens a batch of a Safe, and a delegatecall hidden in it', () => {
    const data = packed([
      { to: token, data: pay },
      { operation: 1, to: thief, data: '0xdeadbeef' },
      { to: safe, value: 7n },
    ])
    expect(lines(root({ way: 'delegatecall', data }))).toEqual({
      calls: [
        `delegatecall ${multiSend}.0x8d80ff0a`,
        `${token}.transfer(${thief}, 5)`,
        `delegatecall ${thief}.0xdeadbeef`,
        `${safe} with 7 wei`,
      ],
      unread: [],
    })
  })

  test('says in whose name each is made', () => {
    const execute = call(
      'function executeBatch(address[] targets, uint256[] values, bytes[] datas, bytes32 predecessor, bytes32 salt)',
      [[token], [0n], [pay], zero32, zero32],
    )
    const { calls } = unfoldCalls([root({ data: packed([{ to: timelock, data: execute }]), way: 'delegatecall' })])
    expect(calls.map(({ by, inside }) => [by, inside])).toEqual([
      [safe, []],
      [safe, ['multiSend']],
      [timelock, ['multiSend', 'executeBatch']],
    ])
  })

  test.each<[string, Hex]>([
    ['a multicall', call('function multicall(bytes[] data)', [[pay]])],
    [
      'Multicall3',
      call('function aggregate3((address target, bool allow, bytes data)[] calls)', [
        [{ target: token, allow: true, data: pay }],
      ]),
    ],
    [
      'a scheduled call',
      call('function schedule(address target, uint256 value, bytes data, bytes32 p, bytes32 s, uint256 d)', [
        token,
        0n,
        pay,
        zero32,
        zero32,
        5n,
      ]),
    ],
    [
      'a queued call of Compound',
      call('function queueTransaction(address target, uint256 value, string signature, bytes data, uint256 eta)', [
        token,
        0n,
        'transfer(address,uint256)',
        `0x${pay.slice(10)}`,
        5n,
      ]),
    ],
    [
      'a module',
      call('function execTransactionFromModule(address to, uint256 value, bytes data, uint8 operation)', [
        token,
        0n,
        pay,
        0,
      ]),
    ],
    [
      'an upgrade with a call',
      call('function upgradeAndCall(address proxy, address implementation, bytes data)', [proxy, thief, pay]),
    ],
  ])('opens %s', (_, data) => {
    expect(lines(root({ to: token, data })).calls.at(-1)).toContain(`.transfer(${thief}, 5)`)
  })

  test('says what it could not read, and goes on with the rest', () => {
    const cut = packed([{ to: token, data: pay }])
    const broken = root({ data: `${cut.slice(0, 10)}${'f'.repeat(128)}` as Hex })
    const odd = root({ data: call('function multiSend(bytes transactions)', ['0x0011']) })
    expect(lines(broken, odd, root({ to: token, data: pay }))).toMatchObject({
      calls: [expect.any(String), expect.any(String), `${token}.transfer(${thief}, 5)`],
      unread: [expect.stringContaining('leads out of the data'), 'Part 0 of the batch is cut short.'],
    })
  })

  test('bounds width and depth', () => {
    const wide = root({ data: packed(Array.from({ length: 2000 }, () => ({ to: token }))) })
    expect(unfoldCalls([wide]).unread).toEqual([expect.stringContaining('more than 128')])
    const many = Array.from({ length: 400 }, () => root({}))
    expect(unfoldCalls(many)).toMatchObject({ calls: { length: 256 }, unread: [expect.stringContaining('256')] })
    let deep: Hex = pay
    for (let level = 0; level < 20; level++) deep = packed([{ to: multiSend, data: deep }])
    expect(unfoldCalls([root({ data: deep })])).toMatchObject({
      calls: { length: 9 },
      unread: [expect.stringContaining('8 deep')],
    })
  })
})
