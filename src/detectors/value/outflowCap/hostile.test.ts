import { describe, expect, test } from 'vitest'
import {
  fake,
  moved,
  named,
  start,
  thief,
  usdc,
  user,
  vault,
  vaultScene,
} from '../../../../test/harness/detectors/outflowScene.ts'
import { account, event, tx } from '../../../../test/harness/node/block.ts'
import { scene, World } from '../../../../test/harness/scene.ts'
import { outflowCap } from '../outflowCap.ts'

describe('outflow cap in front of hostile data', () => {
  test('is silent about other accounts and what comes in', () => {
    const { watch } = vaultScene({ amount: '1' })
    const logs = [moved(usdc, user, thief, 999n), moved(usdc, user, vault, 999n), moved(usdc, vault, vault, 999n)]
    expect(watch.see({ transactions: [tx({ logs })] })).toMatchObject({ claims: [], blind: [] })
  })

  test('does not believe tokens of strangers without a balance that fell', () => {
    const { world, watch } = vaultScene({ amount: '1' })
    world.token(fake, 'FAKE', 0)
    const lie = () => ({ transactions: [tx({ logs: [moved(fake, vault, thief, 999n)] })] })
    expect(watch.see(lie())).toMatchObject({ claims: [], blind: [], memory: { tokens: expect.anything() } })
    world.holds(fake, vault, 999n).settle().holds(fake, vault, 0n)
    expect(watch.see(lie()).claims[0]?.title).toBe('999 FAKE (0x0000…5555) left vault within 1 hour, to 0x0000…2222')
  })

  test('remembers only so many tokens of strangers, and keeps the known one', () => {
    const { world, watch, move } = vaultScene({ amount: '1000' })
    move([-1])
    for (let i = 0; i < 80; i++) {
      const token = account(0x900000 + i)
      world.token(token, 'SPAM', 0).holds(token, vault, 10n).settle().holds(token, vault, 9n)
      const { blind } = watch.see({ transactions: [tx({ logs: [moved(token, vault, thief, 1n)] })] })
      expect(blind.length).toBe(i < 64 ? 0 : 1)
    }
    const ledgers = [...watch.memory.keys()].filter((key) => key.startsWith('ledger '))
    expect(ledgers).toHaveLength(65)
    expect(ledgers).toContain(`ledger ${vault} ${usdc}`)
    expect(ledgers).toContain(`ledger ${vault} ${account(0x900000 + 79)}`)
  })

  test('forgets in silence what has left every window', () => {
    const { world, watch } = vaultScene({ amount: '1000' })
    for (let i = 0; i < 80; i++) {
      const token = account(0x900000 + i)
      world.token(token, 'REAL', 0).holds(token, vault, 10n).settle().holds(token, vault, 9n)
      const log = moved(token, vault, thief, 1n)
      expect(watch.see({ timestamp: start + 60 * (i + 1), transactions: [tx({ logs: [log] })] }).blind).toEqual([])
    }
  })

  test('keeps its memory small through a busy day', () => {
    const { move, watch } = vaultScene({ windows: { '5m': 90, '1h': 90, '24h': 90 } }, { held: 10n ** 18n })
    for (let i = 0; i < 1500; i++) move([-1, -1, 1], { to: account(0x800000 + i), after: 60 })
    expect(JSON.stringify(watch.memory.get(`ledger ${vault} ${usdc}`)).length).toBeLessThan(8_000)
    expect([...watch.memory.keys()].sort()).toEqual([`ledger ${vault} ${usdc}`, 'tokens'])
  })

  test('is blind where holdings or decimals cannot be read, or a transfer of a known token is malformed', () => {
    const { world, watch } = vaultScene({ percent: 5 })
    const leave = () => ({ transactions: [tx({ logs: [moved(usdc, vault, thief, 500n)] })] })
    world.down.add('0x70a08231')
    expect(watch.see(leave())).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
    world.down.clear()
    const cut = { ...moved(usdc, vault, thief, 5n), data: '0x00' as const }
    expect(watch.see({ transactions: [tx({ logs: [cut] })] }).blind[0]).toContain('could not be read')
  })

  test('is soft where the balance does not confirm the logs', () => {
    const { watch } = vaultScene({ amount: '5' })
    expect(watch.see({ transactions: [tx({ logs: [moved(usdc, vault, thief, 5n)] })] }).claims[0]?.evidence).toBe(
      'soft',
    )
  })
})

describe('outflow cap against who knows it', () => {
  const ether = 10n ** 18n
  const junk = (i: number) => account(0x900000 + i)

  test('speaks again while an open episode goes on, each time twice as much has left', () => {
    const { move } = vaultScene({ percent: 20, window: '1h' })
    const spoken = [-200, -100, -99, -1, -400].map((amount) => move([amount]).claims)
    expect(spoken.map((claims) => claims.length)).toEqual([1, 0, 0, 1, 1])
    expect(spoken[3]![0]).toMatchObject({
      title: '400 usdc (40 %) left vault within 1 hour, to 0x0000…2222',
      facts: { outflow: '400' },
    })
  })

  test('speaks again of a drain that keeps the window just full', () => {
    const { move } = vaultScene({ amount: '50', window: '5m' })
    const spoken = Array.from({ length: 8 }, () => move([-50], { after: 300 }).claims.length)
    expect(spoken).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
    const slow = vaultScene({ amount: '50', window: '5m' })
    const kept = Array.from({ length: 30 }, () => slow.move([-10], { after: 60 }).claims).flat()
    expect(kept.map(({ facts }) => [facts.outflow, facts.outflowSinceReached])).toEqual([
      ['50', undefined],
      ['50', '100'],
      ['50', '200'],
    ])
  })

  test('judges native value of one transaction also where several touch the account', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { options: { windows: { transaction: 10 } }, world })
    const crowded = (left: bigint) => {
      world.set(`balance ${vault}`, left * ether)
      return watch.see({ transactions: [tx({ from: thief, to: vault }), tx({ from: user, to: vault })] }).claims
    }
    expect(crowded(91n)).toEqual([])
    const [first, second] = [crowded(81n), crowded(60n)]
    expect(first).toMatchObject([{ title: '10 ETH (10.98 %) left vault in one block', evidence: 'hard' }])
    expect(second).toHaveLength(1)
    expect(second[0]?.key).not.toBe(first[0]?.key)
  })

  test('speaks of what came and was taken within one block, where nothing was held before', () => {
    const { move } = vaultScene({ percent: 20 }, { held: 0n })
    expect(move([1000, -199]).claims).toEqual([])
    expect(vaultScene({ percent: 20 }, { held: 0n }).move([1000, -200]).claims).toHaveLength(1)
  })

  test('does not let a deposit hide what left of a token that the config does not name', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 1100n)
    const logs = [moved(fake, user, vault, 600n), moved(fake, vault, thief, 500n)]
    expect(watch.see({ transactions: logs.map((log) => tx({ logs: [log] })) }).claims).toHaveLength(1)
  })

  test('is blind where nobody can say what is held of a token that the config does not name', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 0n)
    world.down.add(`call ${fake} 0x70a08231`)
    expect(watch.see({ transactions: [tx({ logs: [moved(fake, vault, thief, 1000n)] })] }).blind).toEqual([
      expect.stringContaining('nobody answers'),
    ])
  })

  test('counts what left while the decimals could not be read', () => {
    const { world, watch, move } = vaultScene({ percent: 20 })
    world.down.add(`call ${usdc} 0x313ce567`)
    expect(move([-199]).blind).toHaveLength(1)
    world.down.clear()
    expect(move([-1]).claims).toHaveLength(1)
    expect(watch.memory.has('open')).toBe(true)
  })

  /** Tokens of nobody's whose transfers and balances say that they left the vault. */
  function flood(world: World, from: number, count: number, value = 90n) {
    const tokens = Array.from({ length: count }, (_, i) => junk(from + i))
    for (const token of tokens) world.token(token, 'SPAM', 0).holds(token, vault, 10n)
    for (const token of tokens)
      world.before.set(`call ${token} 0x70a08231${vault.slice(2).padStart(64, '0')}`, `0x${'0'.repeat(62)}64`)
    return tx({ logs: tokens.map((token) => moved(token, vault, thief, value)) })
  }

  test('tells of native value whatever spam stands beside it', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { world })
    world.set(`balance ${vault}`, 0n)
    const { claims, blind } = watch.see({ transactions: [flood(world, 0, 32)] })
    expect(claims.filter(({ facts }) => facts.token === 'native')).toHaveLength(4)
    expect(blind).toEqual([expect.stringContaining('the others are not told')])
  })

  test('tells later what it could not tell in a flood', () => {
    const { world, watch } = vaultScene({})
    const told = (...[from, count, value]: [number, number, bigint]) =>
      watch.see({ transactions: [flood(world, from, count, value)] }).claims.map(({ facts }) => facts.token)
    const first = new Set(told(0, 32, 90n))
    expect(first.size).toBe(16)
    expect(told(16, 16, 50n).filter((token) => !first.has(token))).toHaveLength(64)
  })

  test('does not call an alert over because spam pushed its ledger out', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 500n)
    expect(watch.see({ transactions: [tx({ logs: [moved(fake, vault, thief, 500n)] })] }).claims).toHaveLength(1)
    const seen = Array.from({ length: 6 }, (_, i) => watch.see({ transactions: [flood(world, 32 * i, 32)] }))
    expect(seen.flatMap(({ cleared }) => cleared)).not.toContain(`outflow ${vault} ${fake}`)
    expect(seen.flatMap(({ cleared }) => cleared)).toEqual([])
  })

  test('says that it cannot read a transfer of a known token that is written otherwise', () => {
    const { watch } = vaultScene({ percent: 20 })
    const odd = event('event Transfer(address from, address to, uint256 value)', usdc, {
      from: vault,
      to: thief,
      value: 500n,
    })
    expect(watch.see({ transactions: [tx({ logs: [odd] })] }).blind).toEqual([expect.stringContaining(usdc)])
  })
})
