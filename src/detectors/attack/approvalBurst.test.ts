import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { approvalBurst } from './approvalBurst.ts'

const [token, thief, router, solver, other] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** Users whose addresses differ at their beginning, as real ones do. */
const user = (number: number): Address => `0x${(0xabc000 + number).toString(16).padStart(6, '0')}${'11'.repeat(17)}`
const day = 86_400

const approve = (owner: Address, spender: Address, value = 10n ** 30n): SomeTransaction =>
  tx({
    from: owner,
    to: token,
    logs: [
      event('event Approval(address indexed owner, address indexed spender, uint256 value)', token, {
        owner,
        spender,
        value,
      }),
    ],
  })
const sent = (from: Address, to: Address, value = 5n, emitter = token): SomeLog =>
  transferLog(emitter, { from, to, value })
const users = (count: number, first = 1) => Array.from({ length: count }, (_, place) => user(first + place))

function watching(options: object = {}) {
  const world = new World().set(`code ${router}`, '0x6080')
  const watch = scene(approvalBurst, [contract('acme', token, { kind: 'erc20' })], { world, options })
  const see = (transactions: SomeTransaction[], rest: object = {}) => watch.see({ transactions, ...rest })
  return { watch, world, see }
}

describe('approvals of many owners', () => {
  test('for one plain account page, once', () => {
    const { see } = watching()
    expect(see(users(4).map((each) => approve(each, thief))).claims).toEqual([])
    const last = approve(user(5), thief)
    expect(see([last]).claims).toMatchObject([
      {
        severity: 'high',
        evidence: 'soft',
        address: token,
        transactionHash: last.hash,
        title: '5 owners of acme allowed 0x0000…2222, a plain account, within a day to take their tokens',
        facts: { spender: thief, owners: 5, isAccount: true },
      },
    ])
    expect(see([approve(user(6), thief)]).claims).toEqual([])
  })

  test('for a contract are a sign once a day has shown what is usual', () => {
    const { see, world } = watching()
    expect(see(users(9).map((each) => approve(each, router))).claims).toEqual([])
    const { block } = see([])
    world.set(`code ${other}`, '0x6080')
    const later = { timestamp: block.timestamp + 2 * day }
    expect(
      see(
        users(5).map((each) => approve(each, other)),
        later,
      ).claims,
    ).toMatchObject([{ severity: 'medium', facts: { isAccount: false } }])
  })

  test('do not count twice, for nothing, for oneself, for whom we know, or over days', () => {
    const { see } = watching({ spenders: [other] })
    expect(
      see([...users(5).map(() => approve(user(1), thief)), ...users(5).map((each) => approve(each, thief, 0n))]).claims,
    ).toEqual([])
    expect(see(users(5).map((each) => approve(each, other))).claims).toEqual([])
    expect(see(users(5).map((each) => approve(each, each))).claims).toEqual([])
    for (let place = 2; place < 12; place++) {
      const { block, claims } = see([approve(user(place), solver)])
      expect(claims).toEqual([])
      see([], { timestamp: block.timestamp + day / 3 })
    }
  })

  test('are blindness where the code cannot be read', () => {
    const { see, world } = watching()
    world.down.add('code')
    expect(see([approve(user(1), thief)]).blind).toEqual(['The code of a spender could not be read: nobody answers'])
  })
})

describe('what is taken from those who allowed it', () => {
  const pull = (owner: Address, ...back: SomeLog[]) =>
    tx({ from: thief, to: router, logs: [sent(owner, thief), ...back] })

  test('in transactions that they did not send, for nothing, pages at the third of them', () => {
    const { see } = watching()
    see(users(3).map((each) => approve(each, router)))
    expect(see(users(2).map((each) => pull(each))).claims).toEqual([])
    expect(see([pull(user(3))]).claims).toMatchObject([
      {
        severity: 'high',
        evidence: 'hard',
        title:
          '0x0000…3333 took tokens of acme from 3 owners who had allowed it within a day, in transactions that they did not send',
        facts: { spender: router, robbed: 3 },
      },
    ])
    expect(see([pull(user(1))]).claims).toEqual([])
  })

  test('is none where they sent it themselves, were paid, or had allowed nothing', () => {
    const { see } = watching()
    see(users(6).map((each) => approve(each, router)))
    expect(see(users(6).map((each) => tx({ from: each, to: router, logs: [sent(each, router)] }))).claims).toEqual([])
    expect(see(users(6).map((each) => pull(each, sent(router, each, 4n, other)))).claims).toEqual([])
    expect(see(users(6, 50).map((each) => pull(each))).claims).toEqual([])
  })
})

test('the memory stays small, whoever floods it, and a burst is still seen', () => {
  const { see, watch } = watching()
  see(users(3).map((each) => approve(each, thief)))
  for (let flood = 0; flood < 5; flood++)
    see(
      Array.from({ length: 100 }, (_, place) => approve(user(1_000 + place), account(0x10_0000 + flood * 100 + place))),
    )
  expect(JSON.stringify(watch.memory.get(`spenders ${token}`)).length).toBeLessThan(12_000)
  expect(see(users(2, 4).map((each) => approve(each, thief))).claims).toMatchObject([{ severity: 'high' }])
})
