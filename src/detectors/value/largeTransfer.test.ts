import { describe, expect, test } from 'vitest'
import {
  dollar,
  fake,
  friend,
  million,
  moved,
  thief,
  treasury,
  treasuryScene,
  usdc,
} from '../../../test/harness/detectors/largeTransferScene.ts'
import { account, tx } from '../../../test/harness/node/block.ts'
import type { Address } from '../../model/chain.ts'
import { largeTransfer } from './largeTransfer.ts'

/** Plays a theft of USDC: the balance of the treasury falls by the amount. */
function steal(amount: bigint, options: object = { amount: '1000000' }) {
  const { world, watch } = treasuryScene(options)
  world.holds(usdc, treasury, 10n * million - amount)
  return watch.see({ transactions: [tx({ from: thief, logs: [moved(usdc, treasury, thief, amount)] })] })
}

describe('large transfer of a token', () => {
  test('speaks at the limit, with hard evidence where the balance fell', () => {
    const { claims, blind } = steal(million)
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        key: 'transfer 0',
        title: '1,000,000 usdc left treasury to 0x0000…2222',
        address: treasury,
        evidence: 'hard',
        facts: { token: usdc, amount: '1000000000000', from: treasury, to: thief, sender: thief, share: '10 %' },
      },
    ])
  })

  test('is silent one unit below the limit', () => {
    expect(steal(million - 1n).claims).toEqual([])
  })

  test('takes base units and percent of the holdings before, and asks for all of them at once', () => {
    expect(steal(million, { units: '1000000000000' }).claims).toHaveLength(1)
    expect(steal(million - 1n, { units: '1000000000000' }).claims).toEqual([])
    expect(steal(million, { percent: 10 }).claims).toHaveLength(1)
    expect(steal(million - 1n, { percent: 10 }).claims).toEqual([])
    expect(steal(million, { percent: 10, amount: 2_000_000 }).claims).toEqual([])
  })

  test('is silent about another account, about what comes in and about what goes nowhere', () => {
    const { watch } = treasuryScene({ amount: '1' })
    const logs = [
      moved(usdc, friend, thief, million),
      moved(usdc, friend, treasury, million),
      moved(usdc, treasury, treasury, million),
    ]
    expect(watch.see({ transactions: [tx({ logs })] })).toMatchObject({ claims: [], blind: [] })
  })

  test('speaks of what comes in where it is asked to', () => {
    const { world, watch } = treasuryScene({ amount: '1', direction: 'in' })
    world.holds(usdc, treasury, 11n * million)
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(usdc, friend, treasury, million)] })] })
    expect(claims).toMatchObject([{ title: '1,000,000 usdc reached treasury from 0x0000…3333', evidence: 'hard' }])
  })

  test('is soft where the balance does not confirm what a known token tells', () => {
    const { watch } = treasuryScene({ amount: '1' })
    const { claims } = watch.see({ transactions: [tx({ logs: [moved(usdc, treasury, thief, million)] })] })
    expect(claims).toMatchObject([{ evidence: 'soft' }])
  })

  test('does not believe a token of strangers that tells of transfers which never were', () => {
    const { world, watch } = treasuryScene({ amount: '1' })
    const poison = () => tx({ logs: [moved(fake, treasury, thief, million)] })
    world.token(fake, 'USDC', 6)
    expect(watch.see({ transactions: [poison()] })).toMatchObject({ claims: [], blind: [] })
    world.holds(fake, treasury, 5n * million)
    watch.see()
    world.holds(fake, treasury, 4n * million)
    const { claims } = watch.see({ transactions: [poison()] })
    expect(claims[0]?.title).toBe('1,000,000 USDC (0x0000…5555) left treasury to 0x0000…2222')
  })

  test('gives two transfers of one transaction two keys that a reorg keeps', () => {
    const { world, watch } = treasuryScene({ amount: '1' })
    world.holds(usdc, treasury, 0n)
    const theft = tx({ logs: [moved(usdc, treasury, thief, million), moved(usdc, treasury, thief, million)] })
    const earlier = tx({ logs: [moved(usdc, friend, thief, 1n)] })
    const keys = watch.see({ transactions: [earlier, theft] }).claims.map(({ key, logIndex }) => [key, logIndex])
    expect(keys).toEqual([
      ['transfer 0', 1],
      ['transfer 1', 2],
    ])
  })

  test('says that it is blind where the decimals cannot be read, and judges again in the next block', () => {
    const { world, watch } = treasuryScene({ amount: '1' })
    world.down.add(usdc)
    const theft = () => ({ transactions: [tx({ logs: [moved(usdc, treasury, thief, million)] })] })
    expect(watch.see(theft())).toMatchObject({ claims: [], blind: [expect.stringContaining(usdc)] })
    world.down.clear()
    expect(watch.see(theft()).claims).toHaveLength(1)
  })

  test('reads the label of a token once and forgets no more than it must', () => {
    const { world, watch } = treasuryScene({ units: '1' })
    const theft = (token: Address) => ({ transactions: [tx({ logs: [moved(token, treasury, thief, 1n)] })] })
    expect(watch.see(theft(usdc)).reads.map(({ at, kind }) => `${kind} ${at}`)).toContain('call block')
    const reads = watch.see(theft(usdc)).reads.filter((read) => read.kind === 'call' && read.data.length === 10)
    expect(reads).toEqual([])
    for (let i = 0; i < 100; i++) {
      world.token(account(0x900000 + i), 'SPAM', 0)
      watch.see(theft(account(0x900000 + i)))
    }
    expect(watch.memory.get('tokens')).toHaveLength(64)
  })
})

describe('large transfer of a watched token', () => {
  test('speaks of any transfer of it, mints and burns included', () => {
    const { watch } = treasuryScene({ amount: '1000000' }, { on: [dollar], names: [] })
    const zero = account(0)
    const logs = [
      moved(usdc, friend, thief, million),
      moved(usdc, zero, thief, million),
      moved(usdc, friend, zero, million),
      moved(usdc, friend, thief, million - 1n),
      moved(fake, friend, thief, million),
    ]
    expect(watch.see({ transactions: [tx({ logs })] }).claims.map(({ title }) => title)).toEqual([
      '1,000,000 usdc went from 0x0000…3333 to 0x0000…2222',
      '1,000,000 usdc were minted to 0x0000…2222',
      '1,000,000 usdc of 0x0000…3333 were burned',
    ])
  })

  test('takes percent of the supply', () => {
    const { world, watch } = treasuryScene({ percent: 1 }, { on: [dollar], names: [] })
    world.set(`call ${usdc} 0x18160ddd`, 100n * million).settle()
    const of = (value: bigint) => ({ transactions: [tx({ logs: [moved(usdc, friend, thief, value)] })] })
    expect(watch.see(of(million)).claims[0]?.facts.share).toBe('1 %')
    expect(watch.see(of(million - 1n)).claims).toEqual([])
  })

  test('is a holder of another token that the options name', () => {
    const { watch } = treasuryScene({ amount: '1', token: '$usdc' })
    expect(watch.watch.interests).toMatchObject([{ kind: 'log', addresses: [usdc] }])
    expect(() => treasuryScene({ amount: '1', token: '$nobody' })).toThrow('$nobody')
  })
})

test('large transfer needs a limit', () => {
  expect(largeTransfer.options.safeParse({}).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: 'lots' }).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: '-1' }).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: 1, token: 'usdc' }).success).toBe(false)
})
