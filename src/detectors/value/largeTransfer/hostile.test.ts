import { describe, expect, test } from 'vitest'
import {
  dollar,
  fake,
  friend,
  million,
  moved,
  safe,
  thief,
  treasury,
  treasuryScene,
  usdc,
} from '../../../../test/harness/detectors/largeTransferScene.ts'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { scene, World, word } from '../../../../test/harness/scene.ts'
import { largeTransfer } from '../largeTransfer.ts'

describe('large transfer of malformed and hostile data', () => {
  const wrong: [string, (log: SomeLog) => Partial<SomeLog>][] = [
    ['without data', () => ({ data: '0x' })],
    ['with cut data', ({ data }) => ({ data: `${data.slice(0, 40)}` as `0x${string}` })],
    ['with too few topics', ({ topics }) => ({ topics: topics.slice(0, 2) })],
    ['with dirty addresses', ({ topics: [a, b] }) => ({ topics: [a!, b!, `0x${'f'.repeat(64)}`] })],
  ]
  test.each(wrong)('does not take a log %s for a transfer', (_, spoil) => {
    const { watch } = treasuryScene({ units: '1' })
    const log = moved(usdc, treasury, thief, million)
    expect(watch.see({ transactions: [tx({ logs: [{ ...log, ...spoil(log) }] })] }).claims).toEqual([])
  })

  test('says that it could not read a transfer of a token that the config names', () => {
    const { watch } = treasuryScene({ units: '1' })
    const log = { ...moved(usdc, treasury, thief, million), data: '0x' as const }
    expect(watch.see({ transactions: [tx({ logs: [log] })] }).blind[0]).toContain('could not be read')
    expect(watch.see({ transactions: [tx({ logs: [{ ...log, address: fake }] })] }).blind).toEqual([])
  })

  test.each([
    ['control and bidirectional characters', '\u202eCDSU\n\u0000\u0007'],
    ['a megabyte', 'A'.repeat(1_000_000)],
    ['a link', 'https://evil.example/claim'],
  ])('shows a symbol with %s as harmless words', (_, symbol) => {
    const { world, watch } = treasuryScene({ units: '1' })
    world.token(fake, symbol, 6).holds(fake, treasury, million).settle().holds(fake, treasury, 0n)
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(fake, treasury, thief, million)] })] })
    expect(claims[0]?.title).toMatch(/^1,000,000 [\x20-\x7e…]{0,16} \(0x0000…5555\) left treasury to 0x0000…2222$/)
    expect(claims[0]?.title).not.toContain('https://')
    expect(JSON.stringify(watch.memory.get('tokens')).length).toBeLessThan(120)
  })

  test('takes answers that are no numbers for none, and a token of 2^255 decimals for one without', () => {
    const { world, watch } = treasuryScene({ amount: '1' })
    world.set(`call ${usdc} 0x313ce567`, word(2n ** 255n)).set(`call ${usdc} 0x95d89b41`, '0xff')
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(usdc, treasury, thief, 7n)] })] })
    expect(claims[0]?.title).toBe('7 base units of usdc left treasury to 0x0000…2222')
  })

  test('asks of a block full of made-up tokens only so much, and says so', () => {
    const { watch } = treasuryScene({ units: '1' })
    const spam = Array.from({ length: 500 }, (_, i) => moved(account(0x900000 + i), treasury, thief, 1n))
    const { reads, blind } = watch.see({ transactions: [tx({ logs: spam })] })
    expect(reads.length).toBeLessThan(140)
    expect(blind[0]).toContain('more than 32 tokens')
  })

  test('judges a known token first, whatever spam stands before it', () => {
    const { world, watch } = treasuryScene({ amount: '1000000' })
    world.holds(usdc, treasury, 0n)
    const spam = Array.from({ length: 500 }, (_, i) => moved(account(0x900000 + i), treasury, thief, million))
    const { claims } = watch.see({ transactions: [tx({ logs: [...spam, moved(usdc, treasury, thief, million)] })] })
    expect(claims[0]?.facts.token).toBe(usdc)
  })
})

describe('large transfer against who knows it', () => {
  const ether = 10n ** 18n

  test('judges a watched holder by its holdings also where the token is watched as well', () => {
    const { world, watch } = treasuryScene({ percent: 10 }, { on: [safe, dollar], names: [] })
    world
      .set(`call ${usdc} 0x18160ddd`, 1_000_000n * million)
      .settle()
      .holds(usdc, treasury, 0n)
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(usdc, treasury, thief, 10n * million)] })] })
    expect(claims).toMatchObject([{ address: treasury, facts: { share: '100 %' } }])
  })

  test('gives holder and token a finding each of one transfer', () => {
    const { world, watch } = treasuryScene({ amount: '1' }, { on: [safe, dollar], names: [] })
    world.holds(usdc, treasury, 0n)
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(usdc, treasury, thief, 10n * million)] })] })
    expect(claims.map(({ address }) => address)).toEqual([usdc, treasury])
    expect(new Set(claims.map(({ key }) => key)).size).toBe(2)
  })

  test('does not let a deposit hide what left of a token that the config does not name', () => {
    const { world, watch } = treasuryScene({ percent: 10 }, { names: [] })
    world.holds(usdc, treasury, 11n * million)
    const logs = [moved(usdc, friend, treasury, 6n * million), moved(usdc, treasury, thief, 5n * million)]
    expect(watch.see({ transactions: [tx({ logs })] }).claims).toHaveLength(1)
  })

  test('tells of native value before the tokens of strangers', () => {
    const world = new World().set(`balance ${treasury}`, 100n * ether).token(fake, 'SPAM', 0)
    world.holds(fake, treasury, 1000n).settle().holds(fake, treasury, 0n).set(`balance ${treasury}`, 0n)
    const watch = scene(largeTransfer, [safe], { options: { amount: '10' }, world })
    const logs = Array.from({ length: 64 }, () => moved(fake, treasury, thief, 10n))
    expect(watch.see({ transactions: [tx({ logs })] }).claims[0]?.facts.token).toBe('native')
  })

  test('says that it cannot read a transfer of a known token that is written otherwise', () => {
    const { watch } = treasuryScene({ amount: '1' })
    const signature = 'event Transfer(address from, address to, uint256 value)'
    const odd = event(signature, usdc, { from: treasury, to: thief, value: million })
    expect(watch.see({ transactions: [tx({ logs: [odd] })] }).blind).toEqual([expect.stringContaining(usdc)])
  })

  test('refuses a percentage that is too small to count', () => {
    expect(largeTransfer.options.safeParse({ percent: 0.000_000_1 }).success).toBe(false)
    expect(largeTransfer.options.safeParse({ percent: 0.000_001 }).success).toBe(true)
  })

  test('shows no symbol that a telephone would make a link of', () => {
    const { world, watch } = treasuryScene({ units: '1' })
    world.token(fake, 'claim-usdc.com', 6).holds(fake, treasury, million).settle().holds(fake, treasury, 0n)
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(fake, treasury, thief, million)] })] })
    expect(claims[0]?.title).toContain('claim-usdc[.]com')
    expect(claims[0]?.facts.symbol).toBe('claim-usdc[.]com')
  })
})
