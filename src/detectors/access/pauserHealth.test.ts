import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import { pauserHealth } from './pauserHealth.ts'

const [vault, guardian] = [account(0x1111), account(0x2222)]
const ask = {
  paused: `call ${vault} 0x5c975abb`,
  tried: `call ${vault} 0x8456cb59 from ${guardian}`,
  balance: `balance ${guardian}`,
  code: `code ${guardian}`,
}
const coin = 10n ** 18n

function healthyScene(options: object = {}) {
  const world = new World().set(ask.paused, 0n).set(ask.tried, '0x').set(ask.balance, coin).settle()
  const given = { pauser: guardian, everyBlocks: 1, ...options }
  return { world, watch: scene(pauserHealth, [contract('vault', vault)], { options: given, world }) }
}

describe('pauser health', () => {
  test('is silent while the pauser could pause', () => {
    const { watch } = healthyScene()
    for (let i = 0; i < 3; i++) expect(watch.see()).toMatchObject({ claims: [], blind: [], memory: {} })
  })

  test('speaks once when the call would fail, and says when it would not any more', () => {
    const { world, watch } = healthyScene()
    watch.see()
    world.set(ask.tried, null)
    expect(watch.see().claims).toMatchObject([
      {
        title: expect.stringContaining('could not pause vault now: pause() would fail'),
        evidence: 'hard',
        address: vault,
      },
    ])
    expect(watch.see()).toMatchObject({ claims: [], cleared: [] })
    world.set(ask.tried, '0x')
    expect(watch.see().cleared).toEqual([`pauser of ${vault}`])
    world.set(ask.tried, null)
    expect(watch.see().claims).toMatchObject([{ key: 'episode 2' }])
  })

  test('speaks of a key without coins, and not of a contract without', () => {
    const { world, watch } = healthyScene()
    world.set(ask.balance, coin / 100n)
    expect(watch.see().claims[0]?.title).toContain('has 0.0100 coins left for gas')
    world.set(ask.code, '0x6001600155600160015560016001556001600155600160015560')
    expect(watch.see().cleared).toHaveLength(1)
  })

  test('goes on where the target has no code any more', () => {
    const { world, watch } = healthyScene()
    world.set(ask.paused, '0x')
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
    world.set(ask.balance, 0n)
    expect(watch.see().claims).toHaveLength(1)
  })

  test('takes a target that is paused already for fine', () => {
    const { world, watch } = healthyScene()
    world.set(ask.paused, 1n).set(ask.tried, null)
    expect(watch.see().claims).toEqual([])
  })

  test('is blind where nobody answers, and does not take that for a trouble', () => {
    const { world, watch } = healthyScene()
    world.down.add(vault)
    expect(watch.see()).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
  })

  test('tries a pause with arguments by its calldata', () => {
    const { world, watch } = healthyScene({ data: `0x11223344${'00'.repeat(32)}` })
    expect(watch.see().claims).toHaveLength(1)
    world.set(`call ${vault} 0x11223344${'00'.repeat(32)} from ${guardian}`, '0x')
    expect(watch.see().cleared).toHaveLength(1)
  })

  test('refuses a pauser that the config does not know', () => {
    expect(() => healthyScene({ pauser: '$nobody' })).toThrow('$nobody')
  })

  describe('of a guardian whom a timelock exchanged', () => {
    const [timelock, other] = [account(0x3333), account(0x4444)]
    const id = keccak256('0x01')
    const executed =
      'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'

    function exchanged({ of = guardian, known = 1_600_000_000n, after = 12, by = timelock } = {}) {
      const world = new World().set(ask.paused, 0n).set(ask.tried, '0x').set(ask.balance, coin)
      world
        .set(`call ${by} ${call('function getTimestamp(bytes32 id)', [id])}`, known)
        .set(`call ${by} ${call('function getMinDelay()')}`, 3_600n)
        .settle()
      const names = [contract('timelock', timelock, { kind: 'timelock', role: 'dependency' })]
      const options = { pauser: guardian, everyBlocks: 2 }
      const watch = scene(pauserHealth, [contract('vault', vault)], { options, names, world })
      const timestamp = 1_750_000_000
      watch.see({ number: 100, timestamp })
      world.set(ask.tried, null)
      const data = call('function revokeRole(bytes32 role, address account)', [id, of])
      const log = event(executed, by, { id, index: 0n, target: vault, value: 0n, data })
      expect(watch.see({ timestamp: timestamp + 12, transactions: [tx({ to: by, logs: [log] })] }).claims).toEqual([])
      const { claims } = watch.see({ timestamp: timestamp + 12 + after })
      return claims.map(({ severity }) => severity ?? 'paged')
    }

    test('is medium where it had been announced, for a day', () => {
      expect(exchanged()).toEqual(['medium'])
      expect(exchanged({ after: 86_400 })).toEqual(['medium'])
      expect(exchanged({ after: 86_401 })).toEqual(['paged'])
    })

    test('pages where nobody had, another is named, or a stranger says so', () => {
      expect(exchanged({ known: 0n })).toEqual(['paged'])
      expect(exchanged({ of: other })).toEqual(['paged'])
      expect(exchanged({ by: other })).toEqual(['paged'])
    })
  })
})
