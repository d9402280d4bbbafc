import {
  type Hex,
  keccak256,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { signaturesIn } from './replayedSignature/signaturesIn.ts'
import { replayedSignature } from './replayedSignature.ts'

const [desk, thief, ana, ben, dollar, bot] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const none = account(0)
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const signer = privateKeyToAccount(keccak256(toHex('operator')))
const signed = (text: string): Promise<Hex> => signer.signMessage({ message: text })
const [first, second, third] = (await Promise.all(['one', 'two', 'three'].map(signed))) as [Hex, Hex, Hex]
const parts = (signature: Hex) => {
  const { r, s, v } = parseSignature(signature)
  return { r, s, v: Number(v) }
}

const sent = (from: Address, to: Address, value: bigint, token = dollar): SomeLog =>
  transferLog(token, { from, to, value })
const allowed = (owner = ana, token = dollar): SomeLog =>
  event('event Approval(address indexed owner, address indexed spender, uint256 value)', token, {
    ...{ owner, spender: ben, value: 5n },
  })

const voucher = (to: Address, amount: bigint, signature: Hex): Hex => {
  const { r, s, v } = parts(signature)
  return call('function redeem(address to, uint256 amount, uint8 v, bytes32 r, bytes32 s)', [to, amount, v, r, s])
}
const permit = (signature: Hex): Hex => {
  const { r, s, v } = parts(signature)
  return call(
    'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
    [ana, ben, 5n, 9n, v, r, s],
  )
}

/** A desk that holds a thousand dollars and pays for vouchers. */
function watching(options: object = {}, on = [contract('desk', desk)]) {
  const world = new World().holds(dollar, desk, 1_000n).settle()
  const watch = scene(replayedSignature, on, { options, world })
  let held = 1_000n
  return {
    watch,
    world,
    pays(input: Hex, amount: bigint, rest: object = {}, logs: SomeLog[] = []) {
      held -= amount
      world.holds(dollar, desk, held)
      const paid = amount > 0n ? [sent(desk, ana, amount)] : []
      return watch.see({ transactions: [tx({ from: ana, to: desk, input, logs: [...paid, ...logs], ...rest })] })
    },
  }
}

describe('a signature that is used twice', () => {
  test('pages where the same was paid again for the same call', () => {
    const { pays } = watching()
    const one = pays(voucher(ana, 50n, first), 50n)
    expect(one).toMatchObject({ claims: [], blind: [] })
    const { claims, block } = pays(voucher(ana, 50n, first), 50n)
    expect(claims).toMatchObject([
      {
        address: desk,
        evidence: 'hard',
        title: 'desk accepted a signature again, and 50 base units of 0x0000…5555 (5.26 %) was lost',
        transactionHash: block.transactions[0]!.hash,
        facts: { firstTransaction: one.block.transactions[0]!.hash, sender: ana },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages where one transaction uses it twice by the hand of a contract', () => {
    const { watch, world } = watching()
    world.holds(dollar, desk, 900n)
    const calls = [voucher(ana, 50n, first), voucher(ana, 50n, first)].map((input) => ({ to: desk, input }))
    const transactions = [tx({ from: thief, to: bot, logs: [sent(desk, bot, 50n), sent(desk, bot, 50n)], calls })]
    const { claims } = watch.see({ transactions })
    expect(claims).toMatchObject([{ evidence: 'hard', facts: { losses: [{ amount: '100' }] } }])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages about two transactions of one block', () => {
    const { watch, world } = watching()
    world.holds(dollar, desk, 900n)
    const one = () => tx({ from: ana, to: desk, input: voucher(ana, 50n, first), logs: [sent(desk, ana, 50n)] })
    expect(watch.see({ transactions: [one(), one()] }).claims).toHaveLength(1)
  })

  test('pages about a permit that is taken twice, whatever moves', () => {
    const { watch } = watching({}, [contract('dollar', dollar)])
    const take = (signature: Hex, logs = [allowed()]) =>
      watch.see({ transactions: [tx({ from: ben, to: dollar, input: permit(signature), logs })] }).claims
    expect([take(first), take(second), take(third, [])].flat()).toEqual([])
    const [claim] = take(first)
    expect(claim).toMatchObject({ evidence: 'hard', title: 'dollar accepted a signature again that holds once' })
    expect(claim).not.toHaveProperty('severity')
    // A contract without the function may answer to every call, and tells of nothing.
    expect(take(third, [])).toEqual([])
    expect([take(third, [allowed(thief)]), take(third, [allowed(thief)])].flat()).toEqual([])
  })

  test('is a sign where the arguments differ', () => {
    const { pays } = watching()
    pays(voucher(ana, 50n, first), 50n)
    expect(pays(voucher(ana, 70n, first), 70n).claims).toMatchObject([{ severity: 'medium', evidence: 'soft' }])
  })

  test('is a sign where tokens of ours were made for nothing', () => {
    const { pays } = watching()
    const mint = [sent(none, ana, 5n, desk)]
    pays(voucher(ana, 50n, first), 0n, {}, mint)
    expect(pays(voucher(ana, 50n, first), 0n, {}, mint).claims).toMatchObject([{ severity: 'medium' }])
  })
})

describe('silent are', () => {
  test('other signatures for the same sum', () => {
    const { pays } = watching()
    const claims = [first, second, third].flatMap((signature) => pays(voucher(ana, 50n, signature), 50n).claims)
    expect(claims).toEqual([])
  })

  test('calls that failed, paid nothing, or were paid for', () => {
    const { pays } = watching()
    pays(voucher(ana, 50n, first), 50n)
    expect(pays(voucher(ana, 50n, first), 0n, { status: 'reverted' }).claims).toEqual([])
    expect(pays(voucher(ana, 50n, first), 0n).claims).toEqual([])
    const euro = account(0xe0)
    const { watch, world } = watching()
    world.holds(euro, desk, 100n).settle()
    const swap = () => [
      tx({
        from: ana,
        to: desk,
        input: voucher(ana, 50n, first),
        logs: [sent(desk, ana, 50n), sent(ana, desk, 60n, euro)],
      }),
    ]
    watch.see({ transactions: swap() })
    world.holds(dollar, desk, 950n)
    expect(watch.see({ transactions: swap() }).claims).toEqual([])
  })

  test('a token that only tells that it left', () => {
    const { watch } = watching()
    const lie = () => [tx({ from: thief, to: desk, input: voucher(ana, 50n, first), logs: [sent(desk, ana, 50n)] })]
    watch.see({ transactions: lie() })
    expect(watch.see({ transactions: lie() }).claims).toEqual([])
  })

  test('functions that are meant so', () => {
    const { pays } = watching({ except: [voucher(ana, 1n, first).slice(0, 10)] })
    pays(voucher(ana, 50n, first), 50n)
    expect(pays(voucher(ana, 50n, first), 50n)).toMatchObject({ claims: [], memory: {} })
  })
})

test('is a sign where nobody tells the balance, and says that it is blind', () => {
  const { pays, world } = watching()
  pays(voucher(ana, 50n, first), 50n)
  world.down.add(dollar)
  const { claims, blind } = pays(voucher(ana, 50n, first), 50n)
  expect(blind).toEqual([expect.stringContaining('nobody answers')])
  expect(claims).toMatchObject([{ severity: 'medium', evidence: 'soft', facts: { losses: [{ confirmed: false }] } }])
})

test('forgets after the days', () => {
  const claimsAfter = (seconds: number) => {
    const { pays, watch } = watching({ days: 1 })
    const { block } = pays(voucher(ana, 50n, first), 50n)
    watch.see({ timestamp: block.timestamp + seconds - 12 })
    return pays(voucher(ana, 50n, first), 50n).claims
  }
  expect(claimsAfter(86_400)).toHaveLength(1)
  expect(claimsAfter(86_401)).toEqual([])
})

test('the memory stays small, whoever floods it', () => {
  const { watch, pays } = watching()
  pays(voucher(ana, 50n, first), 50n)
  for (let round = 0; round < 40; round++) {
    const transactions = Array.from({ length: 100 }, (_, n) => {
      const [r, s] = [keccak256(toHex(`r ${round} ${n}`)), keccak256(toHex(`s ${round} ${n}`))]
      const input = call('function redeem(uint8 v, bytes32 r, bytes32 s)', [27, r, s])
      return tx({ from: thief, to: desk, input, logs: [event('event Redeemed()', desk)] })
    })
    watch.see({ transactions })
  }
  expect(watch.memory.size).toBeLessThanOrEqual(64)
  expect(Math.max(...[...watch.memory.values()].map((rows) => (rows as unknown[]).length))).toBe(32)
})

describe('signatures in calldata', () => {
  test('are found in each way to write them, by the same name', () => {
    const { r, s, v } = parts(first)
    const compact = serializeCompactSignature(signatureToCompactSignature({ r, s, yParity: v - 27 }))
    const turned = toHex(order - BigInt(s), { size: 32 })
    const ways = [
      call('function a(uint8 v, bytes32 r, bytes32 s)', [v, r, s]),
      call('function b(bytes32 r, bytes32 s, uint8 v)', [r, s, v]),
      call('function c(address who, bytes signature, uint256 more)', [ana, first, 7n]),
      call('function d(bytes signature)', [compact]),
      call('function e(bytes[] data)', [[call('function c(address who, bytes signature)', [ana, first])]]),
      call('function a(uint8 v, bytes32 r, bytes32 s)', [55 - v, r, turned]),
    ]
    const names = ways.map(signaturesIn)
    expect(names[0]).toHaveLength(1)
    for (const each of names) expect(each).toEqual(names[0])
  })

  test('are not amounts, addresses, lists, zeros or halves of words', () => {
    const { r, s } = parts(first)
    for (const input of [
      '0x',
      '0x12345678',
      call('function a(uint256 n, address to, uint256 amount)', [27n, ana, 5n]),
      call('function a(uint8 v, bytes32 r, bytes32 s)', [29, r, s]),
      call('function a(uint8 v, bytes32 r, bytes32 s)', [27, toHex(order, { size: 32 }), s]),
      call('function b(bytes data)', [toHex(new Uint8Array(65))]),
      `${call('function a(uint8 v, bytes32 r, bytes32 s)', [27, r, s]).slice(0, -2)}` as Hex,
    ]) {
      expect(signaturesIn(input as Hex)).toEqual([])
    }
  })

  test('are looked for in so much of a call only', () => {
    const { r, s, v } = parts(first)
    const long = call('function a(uint256[520] filler, uint8 v, bytes32 r, bytes32 s)', [Array(520).fill(0n), v, r, s])
    expect(signaturesIn(long)).toEqual([])
    const many = Array.from({ length: 30 }, (_, n) => [27, keccak256(toHex(n)), keccak256(toHex(n + 99))])
    expect(signaturesIn(call('function a((uint8 v, bytes32 r, bytes32 s)[] list)', [many])).length).toBeLessThanOrEqual(
      8,
    )
  })
})
