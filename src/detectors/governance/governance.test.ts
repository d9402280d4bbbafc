import { getContractAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { governance } from './governance.ts'

const [governor, timelock, votes, usdc, vault, thief, ana, multisig, next] = Array.from({ length: 9 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address, Address]
const id = word(0xabc)
const start = 1_704_067_200
const names = [
  contract('vault', vault),
  contract('usdc', usdc, { role: 'dependency' }),
  contract('votes', votes, { role: 'dependency' }),
]

/** A governor whose quorum is 1000, with a timelock of a day that holds 10000. */
function daoScene(options: object = {}) {
  const world = new World()
    .holds(usdc, timelock, 10_000n)
    .set(`call ${usdc} 0x18160ddd`, 1_000_000n)
    .set(`balance ${timelock}`, 100n)
    .set(`call ${timelock} 0xf27a0c92`, 86_400n)
    .set(`code ${multisig}`, '0x6001')
    .set(`code ${next}`, '0x6002')
  for (const each of [usdc, vault, timelock, governor, votes]) world.set(`code ${each}`, '0x6003')
  const at = (block: number) => `call ${governor} 0xf8ce560a${word(block).slice(2)}`
  for (let block = 0; block < 200; block++) world.set(at(block), 1000n)
  world.settle()
  const on = [
    contract('governor', governor, { kind: 'governor' }),
    contract('timelock', timelock, { kind: 'timelock' }),
  ]
  const watch = scene(governance, on, { world, names, options: { votes: '$votes', ...options } })
  return {
    world,
    watch,
    run: (logs: SomeLog[], rest: Partial<SomeTransaction> = {}) =>
      watch.see({ transactions: [tx({ from: ana, to: governor, nonce: 0, logs, ...rest })] }),
  }
}

type Doing = { to: Address; data?: Hex; value?: bigint }
const proposed = (doing: Doing[], { by = ana, description = 'Fund, upgrade and govern' } = {}) =>
  event(
    'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
    governor,
    {
      ...{ proposalId: 7n, proposer: by, description, voteStart: 5n, voteEnd: 50n },
      targets: doing.map(({ to }) => to),
      values: doing.map(({ value = 0n }) => value),
      signatures: doing.map(() => ''),
      calldatas: doing.map(({ data = '0x' }) => data),
    },
  )
const scheduled = ({ to, data = '0x', value = 0n }: Doing, index = 0n) =>
  event(
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
    timelock,
    { id, index, target: to, value, data, predecessor: word(0), delay: 86_400n },
  )
const executed = ({ to, data = '0x', value = 0n }: Doing) =>
  event(
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
    timelock,
    {
      ...{ id, index: 0n, target: to, value, data },
    },
  )
const ended = (what: string) => event(`event Proposal${what}(uint256 proposalId)`, governor, { proposalId: 7n })
const pay = (to: Address, amount: bigint) => ({
  to: usdc,
  data: call('function transfer(address to, uint256 amount)', [to, amount]),
})
const upgrade = { to: vault, data: call('function upgradeToAndCall(address code, bytes data)', [next, '0x']) }
const grant = (to: Address) => ({
  to: vault,
  data: call('function grantRole(bytes32 role, address account)', [word(0), to]),
})
const won = (delegate: Address, from: bigint, to: bigint) =>
  event('event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)', votes, {
    ...{ delegate, previousVotes: from, newVotes: to },
  })
const voted = (voter: Address, weight: bigint) =>
  event(
    'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
    governor,
    {
      ...{ voter, proposalId: 7n, support: 1, weight, reason: '' },
    },
  )

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

describe('governance watches an access manager', () => {
  const manager = account(0xbbbb)
  const managed = (name: 'Scheduled' | 'Executed' | 'Canceled', { to, data = '0x' }: Doing = upgrade) => {
    const place = { operationId: id, nonce: 1 }
    return name === 'Scheduled'
      ? event(
          'event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)',
          manager,
          { ...place, schedule: start + 86_400, caller: ana, target: to, data },
        )
      : event(`event Operation${name}(bytes32 indexed operationId, uint32 indexed nonce)`, manager, place)
  }
  const open = (role: bigint) => ({
    to: manager,
    data: call('function setTargetFunctionRole(address target, bytes4[] selectors, uint64 role)', [
      ...[vault, ['0x12345678'], role],
    ]),
  })
  const managerScene = (options: object = {}) => {
    const world = new World()
      .set(`code ${next}`, '0x6002')
      .set(`code ${vault}`, '0x6003')
      .set(`code ${manager}`, '0x6004')
    const watch = scene(governance, [contract('manager', manager)], { world: world.settle(), names, options })
    return { world, see: (...logs: SomeLog[]) => watch.see({ transactions: [tx({ from: ana, to: manager, logs })] }) }
  }

  test('reads what is scheduled, who did, and until when it can be stopped', () => {
    expect(managerScene().see(managed('Scheduled'))).toMatchObject({
      blind: [],
      claims: [
        {
          title:
            'Operation 0x00000000…, scheduled in manager and executable from 2024-01-02T00:00:00Z (risk 40): it replaces code: upgradeToAndCall on vault',
          severity: 'medium',
          facts: {
            proposer: ana,
            executableFrom: String(start + 86_400),
            calls: [/^manager\.execute/, /^vault\.upgradeToAndCall/].map((text) => expect.stringMatching(text)),
          },
        },
      ],
    })
  })

  test('pages where functions would be opened to everybody, and not where a role gets them', () => {
    const severityOf = (role: bigint) => managerScene().see(managed('Scheduled', open(role))).claims[0]?.severity
    expect(severityOf(2n ** 64n - 1n)).toBe('high')
    expect(severityOf(7n)).toBe('medium')
  })

  test('tries it as whoever scheduled it, through the manager, until it is executed or cancelled', () => {
    const { world, see } = managerScene()
    const tried: unknown[] = []
    world.simulated = (calls) => {
      tried.push(...calls.map(({ from, to, data }) => [from, to, data]))
      return undefined
    }
    see(managed('Scheduled'))
    const through = call('function execute(address target, bytes data)', [vault, upgrade.data])
    expect(tried).toEqual([[ana, manager, through]])
    see(managed('Executed'))
    for (let block = 0; block < 30; block++) see()
    expect(tried).toHaveLength(1)
    expect(see(managed('Canceled')).cleared).toEqual([`governance operation ${manager} ${id}`])
  })
})

describe('governance watches a timelock', () => {
  test('reads what is scheduled, as one operation, and until when it can be stopped', () => {
    const { run } = daoScene()
    const { claims } = run([scheduled(upgrade), scheduled(pay(multisig, 200n), 1n)])
    expect(claims.map(({ address }) => address)).toEqual([timelock, vault])
    expect(claims[0]).toMatchObject({
      title:
        'Operation 0x00000000…, scheduled in timelock and executable from 2024-01-02T00:00:00Z (risk 70): it replaces code: upgradeToAndCall on vault',
      severity: 'high',
      facts: { executableFrom: String(start + 86_400), callCount: '2' },
    })
  })

  test('is silent when it is executed in time, and clears what was cancelled', () => {
    const { world, run } = daoScene()
    expect(run([scheduled(upgrade)]).claims).toMatchObject([{ severity: 'medium' }])
    world.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, BigInt(start + 10)).settle()
    expect(run([executed(upgrade)])).toMatchObject({ claims: [], blind: [] })
    const cancelled = event('event Cancelled(bytes32 indexed id)', timelock, { id })
    expect(run([cancelled]).cleared).toEqual([`governance operation ${timelock} ${id}`])
  })

  test('speaks of an operation that nobody scheduled, for the timelock and for what it called', () => {
    const { world, run } = daoScene()
    world.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, 0n).settle()
    const { claims } = run([scheduled(upgrade), executed(upgrade)])
    expect(claims.filter(({ key }) => key.startsWith('bypass'))).toMatchObject([
      {
        title: 'timelock executed operation 0x00000000…, which had not been scheduled before',
        severity: 'critical',
        evidence: 'hard',
        address: timelock,
      },
      { address: vault, severity: 'critical' },
    ])
    world.set(`call ${timelock} 0xd45c4435${id.slice(2)}`, BigInt(start + 9_999)).settle()
    expect(run([executed(upgrade)]).claims[0]?.title).toMatch(/before its time had come$/)
    world
      .set(`call ${timelock} 0xd45c4435${id.slice(2)}`, 0n)
      .set(`call ${timelock} 0xf27a0c92`, 0n)
      .settle()
    expect(run([executed(upgrade)]).claims[0]).toMatchObject({ severity: 'medium' })
  })

  test('is blind where it cannot ask', () => {
    const { world, run } = daoScene()
    world.down.add('0xd45c4435')
    expect(run([executed(upgrade)])).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('could not be read: nobody answers')],
    })
  })

  test('of Compound', () => {
    const { world, run } = daoScene()
    world
      .set(`call ${timelock} 0x6a42b8f8`, 86_400n)
      .set(`call ${timelock} 0xf2b06537${id.slice(2)}`, 1n)
      .settle()
    const { data } = pay(thief, 9_000n)
    const signature =
      'event NAME(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)'
    const args = { txHash: id, target: usdc, value: 0n, signature: '', data, eta: BigInt(start) }
    const log = (name: string) => event(signature.replace('NAME', name), timelock, args)
    expect(run([log('QueueTransaction')]).claims[0]).toMatchObject({ severity: 'high' })
    expect(run([log('ExecuteTransaction')]).claims).toEqual([])
    world.set(`call ${timelock} 0xf2b06537${id.slice(2)}`, 0n).settle()
    expect(run([log('ExecuteTransaction')]).claims[0]).toMatchObject({ severity: 'critical' })
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
      { title: 'Delay of timelock changed from 86400 to 60', severity: 'high', evidence: 'hard' },
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

describe('governance watches votes', () => {
  const left = (world: World, voter: Address, amount: bigint) =>
    world.set(`call ${votes} 0x9ab24eb0${word(voter).slice(2)}`, amount)

  test('power that grows is told of by its share of the quorum, once', () => {
    const { run } = daoScene()
    expect(run([won(thief, 0n, 90n)]).claims).toEqual([])
    expect(run([won(thief, 90n, 120n)]).claims).toMatchObject([
      {
        title: '0x0000…6666 won more than 10 % of the quorum of governor within a week',
        severity: 'medium',
        address: governor,
      },
    ])
    expect(run([won(thief, 120n, 130n)]).claims).toEqual([])
    expect(run([won(thief, 130n, 5_000n)]).claims).toMatchObject([{ severity: 'medium', facts: { gained: '5000' } }])
  })

  test('votes that were won in the same transaction are critical where they reach the quorum', () => {
    const { world, run } = daoScene()
    left(world, thief, 1_200n)
    const { claims } = run([won(thief, 0n, 1_200n), voted(thief, 1_200n), won(thief, 1_200n, 0n)])
    expect(claims.filter(({ key }) => key.startsWith('vote'))).toMatchObject([
      {
        title: '0x0000…6666 voted with 120 % of the quorum of governor, won in the same transaction',
        severity: 'critical',
      },
    ])
  })

  test('votes that were lent and given back', () => {
    const { world, run } = daoScene()
    run([won(thief, 0n, 700n)])
    run([won(thief, 700n, 0n)])
    left(world, thief, 0n)
    expect(run([voted(thief, 700n)]).claims).toMatchObject([
      { severity: 'high', title: expect.stringMatching(/and no longer has those votes$/), facts: { votesLeft: '0' } },
    ])
  })

  test('honest ones are silent, also new and many', () => {
    const { world, run } = daoScene()
    left(world, ana, 700n)
    expect(run([won(ana, 0n, 700n)]).claims.map(({ severity }) => severity)).toEqual(['medium'])
    expect(run([voted(ana, 700n)]).claims).toEqual([])
    expect(run([voted(multisig, 5_000n)]).claims).toEqual([])
  })

  test('a proposal of some risk that reaches its quorum is told of again, once', () => {
    const { world, run } = daoScene()
    const tally = (amount: bigint) =>
      world.set(
        `call ${governor} 0x544ffc9c${word(7).slice(2)}`,
        `${word(0)}${word(amount).slice(2)}${word(0).slice(2)}`,
      )
    run([proposed([pay(thief, 9_500n)])])
    tally(500n)
    expect(run([voted(ana, 500n)]).claims).toEqual([])
    tally(1_000n)
    expect(run([voted(multisig, 500n)]).claims).toMatchObject([
      { title: 'Proposal 7 of governor (risk 70) has reached its quorum', severity: 'high' },
    ])
    expect(run([voted(ana, 10n)]).claims).toEqual([])
  })

  test('what is executed while people still vote, or at once', () => {
    const { run } = daoScene()
    run([proposed([pay(multisig, 100n)])])
    expect(run([ended('Executed')]).claims).toMatchObject([
      { title: 'Proposal 7 of governor was executed before its vote had ended', severity: 'critical' },
    ])
    const { claims } = run([proposed([pay(multisig, 100n)]), ended('Executed')])
    expect(claims.at(-1)).toMatchObject({
      title: 'Proposal 7 of governor was made and executed in one block',
      evidence: 'hard',
    })
  })

  test('what is executed after its vote is silent, and forgotten', () => {
    const { watch, run } = daoScene()
    run([proposed([pay(multisig, 100n)])])
    for (let block = 0; block < 50; block++) watch.see()
    expect(run([ended('Executed')]).claims).toEqual([])
    expect(watch.memory.get(`proposals ${governor}`)).toEqual([])
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
