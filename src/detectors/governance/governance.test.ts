import { getContractAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ana,
  type Doing,
  daoScene,
  ended,
  executed,
  governor,
  id,
  multisig,
  next,
  pay,
  proposed,
  start,
  thief,
  timelock,
  upgrade,
  usdc,
  vault,
  won,
} from '../../../test/harness/detectors/governanceScene.ts'
import { account, call, event, type SomeTransaction } from '../../../test/harness/node/block.ts'
import { word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'

const grant = (to: Address) => ({
  to: vault,
  data: call('function grantRole(bytes32 role, address account)', [word(0), to]),
})

describe('governance weighs a proposal', () => {
  const judged = (
    doing: Doing[],
    rest: Parameters<typeof proposed>[1] = {},
    transaction: Partial<SomeTransaction> = {},
  ) => {
    const { claims, blind } = daoScene().run([proposed(doing, rest)], transaction)
    expect(blind).toEqual([])
    return [claims[0]?.severity, claims[0]?.facts.score]
  }

  test.each<[string, Doing[], string, string]>([
    ['nothing that harms', [{ to: vault, data: '0xdeadbeef' }], 'low', '0'],
    ['a small payment', [pay(multisig, 50n)], 'low', '0'],
    ['a grant', [pay(multisig, 500n)], 'medium', '30'],
    ['half of the treasury', [pay(multisig, 5_000n)], 'high', '70'],
    ['half of the treasury in parts', Array.from({ length: 10 }, () => pay(multisig, 500n)), 'high', '70'],
    ['all coins', [{ to: multisig, value: 100n }], 'high', '70'],
    ['an upgrade', [upgrade], 'medium', '40'],
    ['a role', [grant(multisig)], 'medium', '30'],
    ['an upgrade and a role', [upgrade, grant(multisig)], 'high', '70'],
    ['a role for a single key that proposes it', [grant(ana)], 'high', '70'],
    ...['_setPendingGov(address gov)', 'setGov(address gov)', 'addSigner(address signer)'].map(
      (signature): [string, Doing[], string, string] => [
        `${signature} for a single key that proposes it`,
        [{ to: vault, data: call(`function ${signature}`, [ana]) }],
        'high',
        '70',
      ],
    ),
    [
      'a delay of zero for a new admin',
      [{ to: timelock, data: call('function updateDelay(uint256 delay)', [0n]) }, grant(multisig)],
      'high',
      '100',
    ],
    [
      'a delay of zero alone',
      [{ to: timelock, data: call('function updateDelay(uint256 delay)', [0n]) }],
      'high',
      '70',
    ],
    [
      'a delay of one second',
      [{ to: timelock, data: call('function updateDelay(uint256 delay)', [1n]) }],
      'medium',
      '30',
    ],
    [
      'a quorum of nothing beside votes that begin at once',
      [
        { to: timelock, data: call('function setVotingDelay(uint256 delay)', [0n]) },
        { to: timelock, data: call('function updateQuorumNumerator(uint256 numerator)', [0n]) },
      ],
      'high',
      '70',
    ],
    [
      'votes that begin at once',
      [{ to: timelock, data: call('function setVotingDelay(uint256 delay)', [0n]) }],
      'medium',
      '50',
    ],
    [
      'new votes for somebody',
      [{ to: usdc, data: call('function mint(address to, uint256 amount)', [multisig, 300_000n]) }],
      'medium',
      '50',
    ],
    ['what nobody knows, at a stranger', [{ to: next, data: '0xdeadbeef' }], 'low', '20'],
  ])('%s', (_, doing, severity, score) => {
    expect(judged(doing)).toEqual([severity, score])
  })

  test('wrapped in whatever', () => {
    const wrapped = { to: vault, data: call('function multicall(bytes[] data)', [[upgrade.data, grant(thief).data]]) }
    expect(judged([wrapped])).toEqual(['high', '90'])
  })

  test('by what its description leaves out, and what its proposer gets', () => {
    expect(judged([upgrade], { description: 'Thank you all' })).toEqual(['medium', '55'])
    expect(judged([pay(ana, 500n)])).toEqual(['medium', '50'])
    const own = getContractAddress({ from: ana, nonce: 3n }).toLowerCase() as Address
    expect(judged([pay(own, 500n)], {}, { nonce: 4 })).toEqual(['medium', '50'])
    const code = { to: vault, data: call('function upgradeTo(address code)', [own]) }
    expect(judged([code], {}, { nonce: 4 })).toEqual(['high', '70'])
  })

  test('and says all of it, for each contract that it concerns', () => {
    const { claims } = daoScene().run([
      proposed([pay(thief, 9_500n), upgrade], { by: thief, description: 'Buy x.example now' }),
    ])
    expect(claims.map(({ address, severity }) => [address, severity])).toEqual([
      [governor, 'high'],
      [timelock, 'high'],
      [vault, 'high'],
    ])
    expect(claims[0]).toMatchObject({
      title: 'Proposal 7 of governor (risk 145): it moves 95 % of usdc of timelock',
      evidence: 'soft',
      group: `governance proposal ${governor} 7`,
      facts: {
        calls: [`usdc.transfer(${thief}, 9500)`, `vault.upgradeToAndCall(${next}, 0x)`],
        quorum: '1000',
        voteEnd: '50',
        description: 'Buy x[.]example now',
        proposer: thief,
      },
    })
  })

  test('says what it could not read', () => {
    const broken = { to: vault, data: `0xac9650d8${'f'.repeat(64)}` as Hex }
    const { claims, blind } = daoScene().run([proposed([broken])])
    expect(blind).toEqual([expect.stringContaining('Part of proposal 7 could not be read')])
    expect(claims).toMatchObject([{ facts: { score: '20' } }])
  })

  test('of Bravo, with its functions as text', () => {
    const log = event(
      'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
      governor,
      {
        ...{ proposalId: 8n, proposer: ana, description: 'Pay', voteStart: 5n, voteEnd: 50n },
        targets: [usdc],
        values: [0n],
        signatures: ['transfer(address,uint256)'],
        calldatas: [`0x${pay(thief, 9_000n).data.slice(10)}`],
      },
    )
    expect(daoScene().run([log]).claims[0]).toMatchObject({
      severity: 'high',
      facts: { calls: [`usdc.transfer(${thief}, 9000)`] },
    })
  })
})

describe('governance watches its rules', () => {
  const delay = (from: bigint, to: bigint) =>
    event('event MinDelayChange(uint256 oldDuration, uint256 newDuration)', timelock, {
      oldDuration: from,
      newDuration: to,
    })

  test('looser ones are high, stricter ones and first ones are not', () => {
    const { run } = daoScene()
    expect(run([delay(86_400n, 60n)]).claims).toMatchObject([
      { title: 'Delay of timelock changed from 86,400 to 60', severity: 'high', evidence: 'hard' },
    ])
    expect(run([delay(60n, 86_400n)]).claims).toMatchObject([{ severity: 'medium' }])
    expect(run([delay(0n, 86_400n)]).claims).toEqual([])
    const moved = event('event TimelockChange(address oldTimelock, address newTimelock)', governor, {
      ...{ oldTimelock: timelock, newTimelock: thief },
    })
    expect(run([moved]).claims).toMatchObject([{ severity: 'high' }])
  })

  test('those that were scheduled or voted on page nobody again', () => {
    const { world, run } = daoScene()
    world.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, BigInt(start - 10)).settle()
    const done = executed({ to: timelock, data: call('function updateDelay(uint256 delay)', [60n]) })
    expect(run([delay(86_400n, 60n), done]).claims).toMatchObject([
      { severity: 'medium', facts: { planned: `operation ${id} of ${timelock}, which had been scheduled` } },
    ])
    const quorum = event('event QuorumNumeratorUpdated(uint256 oldNumerator, uint256 newNumerator)', governor, {
      ...{ oldNumerator: 4n, newNumerator: 1n },
    })
    expect(run([quorum, ended('Executed')]).claims).toMatchObject([{ severity: 'medium' }])
    expect(run([quorum]).claims).toMatchObject([{ severity: 'high' }])
  })
})

describe('governance in front of hostile data', () => {
  test('says which log it could not read', () => {
    const [topic] = proposed([]).topics
    const { claims, blind } = daoScene().run([{ address: governor, topics: [topic!], data: '0x00' }])
    expect([claims, blind]).toEqual([
      [],
      [expect.stringContaining('A log ProposalCreated of governor could not be read')],
    ])
  })

  test('bounds orders, facts and memory', () => {
    const many = Array.from({ length: 60 }, (_, n) => pay(account(0x9000 + n), 1n))
    const { watch, run } = daoScene()
    const { claims, blind, reads } = run(
      Array.from({ length: 40 }, () => proposed(many, { description: '☠'.repeat(10_000) })),
    )
    expect(claims.length).toBeLessThanOrEqual(16)
    expect(blind.join()).toContain('More than 15 proposals')
    expect(reads.length).toBeLessThan(2_000)
    expect(Math.max(...claims.map((claim) => JSON.stringify(claim).length))).toBeLessThan(5_000)
    run(Array.from({ length: 1000 }, (_, n) => won(account(0x9000 + n), 0n, 500n)))
    expect(JSON.stringify([...watch.memory]).length).toBeLessThan(30_000)
  })

  test('asks and keeps nothing when nothing happens', () => {
    const { watch } = daoScene()
    expect([watch.see(), watch.see()].map(({ reads, memory }) => [reads, memory])).toEqual([
      [[], {}],
      [[], {}],
    ])
  })

  test('wants names that the config has', () => {
    expect(() => daoScene({ executor: '$nobody' })).toThrow('$nobody')
  })
})
