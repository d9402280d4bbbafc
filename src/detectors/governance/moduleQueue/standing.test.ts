import { stringToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  day,
  delay,
  queueScene,
  roles,
  safe,
  thief,
  usdc,
} from '../../../../test/harness/detectors/moduleQueueScene.ts'
import { call, event } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

describe('module-queue on standing powers', () => {
  const assigned = (member: Address, memberOf: boolean[]) =>
    event('event AssignRoles(address module, bytes32[] roleKeys, bool[] memberOf)', roles, {
      ...{ module: member, memberOf },
      roleKeys: memberOf.map(() => stringToHex('MANAGER', { size: 32 })),
    })

  test.each([
    ['a key that is given a role', assigned(thief, [true]), 'high'],
    ['a contract that is given one', assigned(safe, [true]), 'medium'],
    ['a key that loses one', assigned(thief, [false]), 'low'],
  ])('%s', (_, log, severity) => {
    expect(queueScene().run([log]).claims).toMatchObject([{ severity, address: roles }])
  })

  test.each<[string, bigint | null, bigint, bigint, string[]]>([
    ['ten times as much at once', 500n, 5_000n, 0n, ['high']],
    ['ten times as much in each period', 500n, 0n, 5_000n, ['high']],
    ['one unit less', 500n, 4_999n, 4_999n, ['medium']],
    ['as much as before', 500n, 500n, 500n, []],
    ['a first allowance', 0n, 5_000n, 0n, ['medium']],
    ['an allowance of which nobody knows what it was', null, 5_000n, 0n, ['medium']],
  ])('%s that a role may spend', (_, old, balance, refill, severities) => {
    const key = stringToHex('MANAGER', { size: 32 })
    const { world, run } = queueScene()
    const words = [old ?? 0n, 9_000n, 86_400n, (old ?? 0n) / 2n, 1n].map((each) => word(each).slice(2)).join('')
    if (old !== null)
      world.set(`call ${roles} ${call('function allowances(bytes32 key)', [key])}`, `0x${words}`).settle()
    const log = event(
      'event SetAllowance(bytes32 allowanceKey, uint128 balance, uint128 maxRefill, uint128 refill, uint64 period, uint64 timestamp)',
      roles,
      { allowanceKey: key, balance, maxRefill: 10n ** 30n, refill, period: 86_400n, timestamp: 1n },
    )
    const { claims } = run([log])
    expect(claims.map(({ severity }) => severity)).toEqual(severities)
    for (const { title } of claims) expect(title).toContain('Role allowance MANAGER')
  })

  test('a key is one also where it lets the code of a contract run for it', () => {
    const { world, run } = queueScene()
    world.set(`code ${thief}`, `0xef0100${safe.slice(2)}`).settle()
    expect(run([assigned(thief, [true])]).claims).toMatchObject([{ severity: 'high', address: roles }])
  })

  test.each([
    [1n, 'medium'],
    [2n, 'high'],
  ])('a contract opened to a role with options %s is %s', (options, severity) => {
    const log = event('event AllowTarget(bytes32 roleKey, address targetAddress, uint8 options)', roles, {
      ...{ roleKey: stringToHex('MANAGER', { size: 32 }), targetAddress: usdc, options: Number(options) },
    })
    expect(queueScene().run([log]).claims).toMatchObject([
      { severity, title: expect.stringMatching(/^Role MANAGER of roles may call every function of usdc/) },
    ])
  })

  test.each([
    [BigInt(day - 1), ['high']],
    [BigInt(day), []],
    [BigInt(day + 1), ['medium']],
  ])('a cooldown of %s instead of a day', (cooldown, severities) => {
    const log = event('event TxCooldownSet(uint256 cooldown)', delay, { cooldown })
    expect(
      queueScene()
        .run([log])
        .claims.map(({ severity }) => severity),
    ).toEqual(severities)
  })

  test('a vote outside the chain is told of, though nobody can read it', () => {
    const log = event('event ProposalQuestionCreated(bytes32 indexed questionId, string indexed proposalId)', roles, {
      ...{ questionId: word(4), proposalId: 'QmVote' },
    })
    expect(queueScene().run([log]).claims).toMatchObject([{ severity: 'medium', confidence: 'low' }])
  })
})
