import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ask,
  executed,
  good,
  id,
  next,
  other,
  slot,
  start,
  thief,
  timelock,
  timelockScene,
  upgrade,
  upgraded,
  vault,
} from '../../../../test/harness/detectors/plannedChangeScene.ts'
import { account, call, event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { privilegedChange } from '../privilegedChange.ts'

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
