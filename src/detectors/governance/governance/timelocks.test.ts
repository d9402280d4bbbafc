import { describe, expect, test } from 'vitest'
import {
  ana,
  type Doing,
  daoScene,
  executed,
  id,
  multisig,
  names,
  next,
  pay,
  start,
  thief,
  timelock,
  upgrade,
  usdc,
  vault,
} from '../../../../test/harness/detectors/governanceScene.ts'
import { account, call, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import { governance } from '../governance.ts'

const scheduled = ({ to, data = '0x', value = 0n }: Doing, index = 0n) =>
  event(
    'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
    timelock,
    { id, index, target: to, value, data, predecessor: word(0), delay: 86_400n },
  )

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
