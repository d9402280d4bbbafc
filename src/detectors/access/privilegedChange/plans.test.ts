import { encodeAbiParameters, keccak256, parseAbiParameters, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [vault, timelock, thief, good, next, other] = Array.from({ length: 6 }, (_, n) => account((n + 1) * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const slot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
const id = word(0xabc)
const start = 1_704_067_200
const upgrade = (to: Address, data: Hex = '0x') =>
  call('function upgradeToAndCall(address implementation, bytes data)', [to, data])
const upgraded = (to: Address) => event('event Upgraded(address indexed implementation)', vault, { implementation: to })
const executed = (data: Hex, { by = timelock, target = vault } = {}) =>
  event(
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
    by,
    {
      ...{ id, index: 0n, target, value: 0n, data },
    },
  )
const ask = {
  timestamp: (of = timelock) => `call ${of} 0xd45c4435${id.slice(2)}`,
  delay: (of = timelock) => `call ${of} 0xf27a0c92`,
}

/** A vault that a timelock owns, and an operation of it that is ready. */
function timelockScene({ options = {}, names = [] as Contract[], owner = timelock } = {}) {
  const world = new World()
    .set(`storage ${vault} ${slot}`, word(good))
    .set(`call ${vault} 0x8da5cb5b`, word(owner))
    .set(ask.timestamp(), BigInt(start - 10))
    .set(ask.delay(), 86_400n)
    .settle()
  const watch = scene(privilegedChange, [contract('vault', vault)], { options, names, world })
  watch.see()
  return {
    world,
    watch,
    upgrade(to: Address, logs: SomeLog[], from = thief) {
      world.set(`storage ${vault} ${slot}`, word(to))
      return watch.see({ transactions: [tx({ from, to: timelock, logs })] }).claims
    },
  }
}

describe('a planned change', () => {
  test('pages nobody, is told of, and says why', () => {
    const { upgrade: run } = timelockScene()
    expect(run(next, [upgraded(next), executed(upgrade(next))])).toMatchObject([
      {
        title: 'Implementation of vault changed to 0x0000…5555',
        severity: 'medium',
        evidence: 'hard',
        facts: {
          planned: `it had been scheduled in the timelock ${timelock}, which asks for 86400 s`,
          operation: id,
          readyAt: String(start - 10),
        },
      },
    ])
  })

  test('may be initialized in the same call', () => {
    const { upgrade: run } = timelockScene()
    const initialized = event('event Initialized(uint64 version)', vault, { version: 2n })
    const claims = run(next, [upgraded(next), initialized, executed(upgrade(next, '0x8129fc1c'))])
    expect(claims.map(({ severity }) => severity)).toEqual(['medium', 'medium'])
  })

  test('may go through the admin of the proxy, and by a timelock of Compound', () => {
    const { world } = timelockScene({ owner: thief })
    const admin = '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103'
    world.set(`storage ${vault} ${admin}`, word(other)).set(`call ${other} 0x8da5cb5b`, word(timelock))
    world
      .set(`call ${timelock} 0xf2b06537${id.slice(2)}`, 1n)
      .set(`call ${timelock} 0x6a42b8f8`, 172_800n)
      .settle()
    const watch = scene(privilegedChange, [contract('vault', vault)], { world })
    watch.see()
    world.set(`storage ${vault} ${slot}`, word(next))
    const data = call('function upgrade(address proxy, address implementation)', [vault, next])
    const log = event(
      'event ExecuteTransaction(bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta)',
      timelock,
      {
        ...{ txHash: id, target: other, value: 0n, signature: 'upgrade(address,address)', eta: 1n },
        data: `0x${data.slice(10)}`,
      },
    )
    const { claims } = watch.see({ transactions: [tx({ to: timelock, logs: [upgraded(next), log] })] })
    expect(claims).toMatchObject([{ severity: 'medium', facts: { operation: id } }])
  })

  test('may grant a role of a contract that is ruled by roles', () => {
    const { world, watch } = timelockScene({ owner: other })
    const role = keccak256(toHex('MINTER_ROLE'))
    world.set(`call ${vault} 0x91d14854${word(0).slice(2)}${word(timelock).slice(2)}`, 1n).settle()
    const granted = event(
      'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
      vault,
      {
        ...{ role, account: next, sender: timelock },
      },
    )
    const data = call('function grantRole(bytes32 role, address account)', [role, next])
    const transactions = [tx({ logs: [granted, executed(data)] })]
    expect(watch.see({ transactions }).claims).toMatchObject([{ severity: 'medium' }])
  })
})

describe('code behind a beacon', () => {
  const beacon = account(0x7777)
  const beaconSlot = '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50'
  const upgradeTo = (to: Address) => call('function upgradeTo(address implementation)', [to])
  const run = (data: Hex, { owner = timelock, readyAt = BigInt(start - 10), target = beacon } = {}) => {
    const world = new World()
      .set(`storage ${vault} ${beaconSlot}`, word(beacon))
      .set(`call ${beacon} 0x5c60da1b`, word(good))
      .set(`call ${beacon} 0x8da5cb5b`, word(owner))
      .set(ask.timestamp(), readyAt)
      .set(ask.delay(), 86_400n)
      .settle()
    const names = [contract('timelock', timelock, { role: 'dependency', kind: owner === timelock ? 'timelock' : 'x' })]
    const watch = scene(privilegedChange, [contract('vault', vault)], { names, world })
    watch.see()
    watch.see()
    world.set(`call ${beacon} 0x5c60da1b`, word(next))
    const logs = [executed(data, { target })]
    return watch.see({ transactions: [tx({ from: thief, to: timelock, logs })] }).claims
  }

  test('that a timelock puts there as it had announced pages nobody', () => {
    expect(run(upgradeTo(next))).toMatchObject([
      {
        severity: 'medium',
        facts: { value: 'beaconImplementation', planned: `it had been scheduled in the timelock ${timelock}` },
      },
    ])
  })

  test('pages where it was not scheduled, is other code, another beacon, or the timelock is a stranger', () => {
    for (const claims of [
      run(upgradeTo(next), { readyAt: 0n }),
      run(upgradeTo(other)),
      run(upgradeTo(next), { target: other }),
      run(upgradeTo(next), { owner: other }),
    ]) {
      expect(claims.map(({ severity, facts }) => [severity, facts.planned])).toEqual([[undefined, undefined]])
    }
  })
})

describe('an offer of ownership', () => {
  const signature = (name: string) => `event ${name}(address indexed previousOwner, address indexed newOwner)` as const
  const offered = (to: Address) =>
    event(signature('OwnershipTransferStarted'), vault, { previousOwner: timelock, newOwner: to })
  const taken = (by: Address) =>
    event(signature('OwnershipTransferred'), vault, { previousOwner: timelock, newOwner: by })
  const offer = (to: Address) => call('function transferOwnership(address newOwner)', [to])

  function twoSteps(logs: SomeLog[], { by = next, between = [] as SomeLog[] } = {}) {
    const { world, watch } = timelockScene()
    world.set(`call ${vault} 0xe30c3978`, word(0)).settle()
    for (let block = 0; block < 64; block++) watch.see()
    world.set(`call ${vault} 0xe30c3978`, word(next))
    watch.see({ transactions: [tx({ from: thief, to: timelock, logs })] })
    if (between.length > 0) watch.see({ transactions: [tx({ from: thief, to: vault, logs: between })] })
    world.settle()
    world.set(`call ${vault} 0xe30c3978`, word(0)).set(`call ${vault} 0x8da5cb5b`, word(by))
    return watch.see({ transactions: [tx({ from: by, to: vault, logs: [taken(by)] })] }).claims
  }

  test('that a timelock had announced may be taken', () => {
    expect(twoSteps([offered(next), executed(offer(next))])).toMatchObject([
      { severity: 'medium', facts: { new: next, planned: 'the offer had been scheduled in a timelock' } },
    ])
  })

  test('pages when it is taken if it was not announced, was made anew since, or another takes it', () => {
    const announced = [offered(next), executed(offer(next))]
    for (const claims of [
      twoSteps([offered(next)]),
      twoSteps(announced, { between: [offered(next)] }),
      twoSteps(announced, { by: other }),
    ]) {
      expect(claims.map(({ severity, facts }) => [severity, facts.planned])).toEqual([[undefined, undefined]])
    }
  })
})

describe('a change is not planned', () => {
  const severities = (claims: { severity?: string; facts: object }[]) =>
    claims.map(({ severity, facts }) => [severity, 'planned' in facts])

  test('where the timelock did not know it before the block, or its time had not come, or it asks for no delay', () => {
    for (const [timestamp, delay] of [
      [0n, 86_400n],
      [1n, 86_400n],
      [BigInt(start + 9_999), 86_400n],
      [BigInt(start - 10), 0n],
    ] as const) {
      const { world, upgrade: run } = timelockScene()
      world.set(ask.timestamp(), timestamp).set(ask.delay(), delay).settle()
      expect(severities(run(next, [upgraded(next), executed(upgrade(next))]))).toEqual([[undefined, false]])
    }
  })

  test('where the operation says something else, or is only carried out beside it', () => {
    const beside = [
      [upgraded(next), executed(upgrade(good))],
      [upgraded(next), executed(upgrade(next), { target: other })],
      [executed(upgrade(next)), upgraded(next)],
      [upgraded(next), executed(call('function pause()'))],
    ]
    for (const logs of beside) {
      expect(severities(timelockScene().upgrade(next, logs))).toEqual([[undefined, false]])
    }
  })

  test('where the timelock is one of the thief', () => {
    const { world, upgrade: run } = timelockScene({ owner: good })
    world
      .set(ask.timestamp(other), BigInt(start - 10))
      .set(ask.delay(other), 86_400n)
      .settle()
    expect(severities(run(next, [upgraded(next), executed(upgrade(next), { by: other })]))).toEqual([
      [undefined, false],
    ])
    expect(severities(timelockScene({ owner: good }).upgrade(next, [upgraded(next), executed(upgrade(next))]))).toEqual(
      [[undefined, false]],
    )
    const named = timelockScene({ owner: good, names: [contract('timelock', timelock)] })
    expect(severities(named.upgrade(next, [upgraded(next), executed(upgrade(next))]))).toEqual([['medium', true]])
  })

  test('where no event tells of it, nor where nobody can be asked', () => {
    expect(severities(timelockScene().upgrade(next, [executed(upgrade(next))]))).toEqual([['critical', false]])
    const { world, upgrade: run } = timelockScene()
    world.down.add(ask.timestamp())
    expect(severities(run(next, [upgraded(next), executed(upgrade(next))]))).toEqual([[undefined, false]])
  })
})

describe('a calendar of planned changes', () => {
  const planned = (rest: object) => ({ options: { planned: [{ what: 'upgrade', until: '2024-01-02', ...rest }] } })
  const severityOf = (options: object, from = thief, log = upgraded(next)) =>
    timelockScene(options).upgrade(next, [log], from)[0]?.severity

  test('makes no proven change milder, and says of it that it was planned', () => {
    const told = (options: object, from: Address) => {
      const [claim] = timelockScene(options).upgrade(next, [upgraded(next)], from)
      return [claim?.severity, claim?.evidence, claim?.facts.planned]
    }
    expect(told(planned({ by: good }), good)).toEqual([undefined, 'hard', expect.stringContaining('calendar: upgrade')])
    expect(told(planned({ by: good }), thief)).toEqual([undefined, 'hard', undefined])
    expect(told(planned({}), thief)).toEqual([undefined, 'hard', expect.stringContaining('calendar: upgrade')])
  })

  test('makes signs low where the one who was named gives them', () => {
    expect(severityOf(planned({ by: good }), good, upgraded(other))).toBe('low')
    expect(severityOf(planned({ by: good }), thief, upgraded(other))).toBe(undefined)
  })

  test('makes signs low, and holds for its kind and its time only', () => {
    const sign = upgraded(other)
    expect(severityOf(planned({}), thief, sign)).toBe('low')
    expect(severityOf(planned({ what: 'owner' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ from: '2024-01-01T12:00' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ until: '2024-01-01T00:00:01Z' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ until: '2024-01-01' }), thief, sign)).toBe('low')
  })

  test('wants real days and known names', () => {
    expect(() => timelockScene(planned({ until: 'tomorrow' }))).toThrow('write a day')
    expect(() => timelockScene(planned({ by: '$nobody' }))).toThrow('$nobody')
  })
})

describe('a change that an access manager let through', () => {
  const manager = account(0x9999)
  const through = (data: Hex) => call('function execute(address target, bytes data)', [vault, data])
  const idOf = (caller: Address, data: Hex) =>
    keccak256(encodeAbiParameters(parseAbiParameters('address, address, bytes'), [caller, vault, data]))
  const told = (id: Hex) =>
    event('event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)', manager, {
      ...{ operationId: id, nonce: 1 },
    })

  /** A vault under a manager, of which `good` had scheduled an upgrade to `next`. */
  function play(
    tell: (told: SomeLog) => SomeLog[],
    { schedule = BigInt(start - 10), delay = 86_400n, authority = manager, caller = good, from = good } = {},
    input: Hex = through(upgrade(next)),
  ) {
    const id = idOf(caller, upgrade(next))
    const who = [caller, vault].map((address) => word(address).slice(2)).join('')
    const may = `0xb7009613${who}${upgrade(next).slice(2, 10).padEnd(64, '0')}`
    const world = new World()
      .set(`storage ${vault} ${slot}`, word(good))
      .set(`call ${vault} 0xbf7e214f`, word(authority))
      .set(`call ${manager} 0x3adc277a${id.slice(2)}`, schedule)
      .set(`call ${manager} ${may}`, `0x${word(0).slice(2)}${word(delay).slice(2)}`)
      .settle()
    const watch = scene(privilegedChange, [contract('vault', vault)], { world })
    watch.see()
    world.set(`storage ${vault} ${slot}`, word(next))
    const { claims } = watch.see({ transactions: [tx({ from, to: manager, input, logs: tell(told(id)) })] })
    return claims.map(({ severity, facts }) => [severity, facts.planned])
  }
  const inOrder = (first: SomeLog) => [first, upgraded(next)]
  const planned = `it had been scheduled in the access manager ${manager}, which asks for 86400 s`

  test('as it had been scheduled is planned', () => {
    expect(play(inOrder)).toEqual([['medium', planned]])
  })

  test('is planned also where a timelock is the one that had scheduled it there', () => {
    const tell = (first: SomeLog) => [...inOrder(first), executed(through(upgrade(next)), { target: manager })]
    expect(play(tell, { caller: timelock, from: thief }, '0x12345678')).toEqual([['medium', planned]])
  })

  test('is not where it had not been scheduled, needs no delay, is another one, or comes before', () => {
    const plain = [[undefined, undefined]]
    expect(play(inOrder, { schedule: 0n })).toEqual(plain)
    expect(play(inOrder, { schedule: BigInt(start + 9_999) })).toEqual(plain)
    expect(play(inOrder, { delay: 0n })).toEqual(plain)
    expect(play(inOrder, { authority: other })).toEqual(plain)
    expect(play(inOrder, {}, through(upgrade(other)))).toEqual(plain)
    expect(play((first) => [upgraded(next), first])).toEqual(plain)
    expect(play(inOrder, { from: thief })).toEqual(plain)
  })
})
