import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { largeTransfer } from './largeTransfer.ts'

const [treasury, thief, friend, usdc, fake, nft, multi] = [1, 2, 3, 4, 5, 6, 7].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const million = 1_000_000_000_000n
const safe = contract('treasury', treasury, { kind: 'safe' })
const dollar = contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })

const moved = (token: Address, from: Address, to: Address, value: bigint) => transferLog(token, { from, to, value })

function treasuryScene(
  options: object,
  { on = [safe], names = [dollar] }: { on?: Contract[]; names?: Contract[] } = {},
) {
  const world = new World()
    .token(usdc, 'USDC', 6)
    .holds(usdc, treasury, 10n * million)
    .settle()
  return { world, watch: scene(largeTransfer, on, { options, names, world }) }
}

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

describe('large transfer of collections', () => {
  const names = [contract('apes', nft), contract('items', multi)]

  test('counts an ERC-721 as one', () => {
    const { world, watch } = treasuryScene({ amount: 1 }, { names })
    world.token(nft, 'APES', 18).holds(nft, treasury, 3n).settle().holds(nft, treasury, 2n)
    const log = event('event Transfer(address indexed from, address indexed to, uint256 indexed id)', nft, {
      from: treasury,
      to: thief,
      id: 77n,
    })
    const { claims } = watch.see({ transactions: [tx({ logs: [log] })] })
    expect(claims).toMatchObject([{ title: '1 item of apes left treasury to 0x0000…2222', evidence: 'hard' }])
  })

  test('adds up an ERC-1155 batch', () => {
    const batch = (ids: bigint[], values: bigint[]) =>
      event(
        'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
        multi,
        { operator: thief, from: treasury, to: thief, ids, values },
      )
    const { watch } = treasuryScene({ amount: 10 }, { names })
    const spoken = watch.see({ transactions: [tx({ logs: [batch([1n, 2n], [4n, 6n])] })] })
    expect(spoken.claims).toMatchObject([{ title: '10 items of items left treasury to 0x0000…2222' }])
    expect(watch.see({ transactions: [tx({ logs: [batch([1n, 2n], [4n, 5n])] })] }).claims).toEqual([])
    expect(watch.see({ transactions: [tx({ logs: [batch([1n], [4n, 6n])] })] })).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('as many amounts as ids')],
    })
  })

  test('judges each kind of an ERC-1155 by percent, if there are ten of it', () => {
    const sent = (id: bigint, value: bigint) =>
      event(
        'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
        multi,
        { operator: thief, from: treasury, to: thief, id, value },
      )
    const { watch, world } = treasuryScene({ percent: 20 }, { names })
    const held = (id: number, amount: bigint) =>
      world.set(
        `call ${multi} 0x00fdd58e${treasury.slice(2).padStart(64, '0')}${id.toString(16).padStart(64, '0')}`,
        amount,
      )
    held(1, 50n)
    held(2, 9n)
    world.settle()
    const see = (id: bigint, value: bigint) => watch.see({ transactions: [tx({ logs: [sent(id, value)] })] })
    expect(see(1n, 10n)).toMatchObject({
      claims: [{ title: '10 items of items left treasury to 0x0000…2222' }],
      blind: [],
    })
    expect(see(1n, 9n)).toMatchObject({ claims: [], blind: [] })
    expect(see(2n, 9n)).toMatchObject({ claims: [], blind: [] })
    expect(see(3n, 9n)).toMatchObject({ claims: [], blind: [expect.stringContaining('percent cannot be judged')] })
  })

  test('bounds the work of a batch whose lengths lie', () => {
    const { watch } = treasuryScene({ amount: 10 }, { names })
    const log = event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      multi,
      { operator: thief, from: treasury, to: thief, ids: [], values: [] },
    )
    const data = encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }],
      [64n, 64n, 2n ** 200n],
    )
    expect(watch.see({ transactions: [tx({ logs: [{ ...log, data }] })] })).toMatchObject({
      claims: [],
      blind: [expect.stringContaining('could not be read')],
    })
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

describe('large transfer of native value', () => {
  const ether = 10n ** 18n
  function nativeScene(options: object) {
    const world = new World().set(`balance ${treasury}`, 1_000n * ether).settle()
    return { world, watch: scene(largeTransfer, [safe], { options, world }) }
  }

  test('sees an internal transfer by the balance, at the limit and not below', () => {
    const { world, watch } = nativeScene({ amount: '50' })
    world.set(`balance ${treasury}`, 950n * ether)
    const { claims } = watch.see({ transactions: [tx({ from: thief, to: friend })] })
    expect(claims).toMatchObject([{ title: '50 ETH left treasury', evidence: 'hard', facts: { sender: thief } }])
    expect(claims[0]?.transactionHash).toBeDefined()
    world.set(`balance ${treasury}`, 900n * ether + 1n)
    expect(watch.see().claims).toEqual([])
  })

  test('is not deceived by a deposit in the same block, nor by gas or failed transactions', () => {
    const { world, watch } = nativeScene({ amount: '50' })
    const deposit = tx({ from: friend, to: treasury, value: 50n * ether })
    expect(watch.see({ transactions: [deposit, tx({ to: treasury })] }).claims).toHaveLength(1)
    const failed = tx({
      from: treasury,
      to: friend,
      value: 100n * ether,
      status: 'reverted',
      gasUsed: 2e9,
      gasPrice: 3e10,
    })
    world.set(`balance ${treasury}`, 940n * ether)
    expect(watch.see({ transactions: [failed] }).claims).toEqual([])
  })

  test('names the recipient of a direct transfer and counts episodes where no transaction can be named', () => {
    const { world, watch } = nativeScene({ amount: '50', token: 'native' })
    world.set(`balance ${treasury}`, 900n * ether)
    const direct = tx({ from: treasury, to: thief, value: 100n * ether, gasPrice: 0 })
    expect(watch.see({ transactions: [direct] }).claims[0]?.title).toBe('100 ETH left treasury to 0x0000…2222')
    const keys = [800n, 700n].map((left) => {
      world.set(`balance ${treasury}`, left * ether)
      return watch.see().claims.map(({ key, subject, transactionHash }) => ({ key, subject, transactionHash }))
    })
    expect(keys).toEqual([
      [{ key: 'native out 2', subject: `native balance of ${treasury}`, transactionHash: undefined }],
      [{ key: 'native out 3', subject: `native balance of ${treasury}`, transactionHash: undefined }],
    ])
  })

  test('is blind, not silent, where the balance cannot be read', () => {
    const { world, watch } = nativeScene({ amount: '50' })
    world.down.add('balance')
    expect(watch.see().blind).toEqual(['The native balance of treasury could not be read: nobody answers'])
  })
})

test('large transfer needs a limit', () => {
  expect(largeTransfer.options.safeParse({}).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: 'lots' }).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: '-1' }).success).toBe(false)
  expect(largeTransfer.options.safeParse({ amount: 1, token: 'usdc' }).success).toBe(false)
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

describe('large transfer of wrapped native coins', () => {
  const unwrapped = (by: Address, wad: bigint) =>
    event('event Withdrawal(address indexed src, uint256 wad)', usdc, { src: by, wad })

  test('speaks where they go on at once, and not where they stay or were never there', () => {
    const unwrap = (kept: bigint, held = 9n * million) => {
      const { world, watch } = treasuryScene({ percent: 10, token: '$usdc' })
      world.holds(usdc, treasury, held).set(`balance ${treasury}`, kept)
      return watch.see({ transactions: [tx({ logs: [unwrapped(treasury, million)] })] })
    }
    expect(unwrap(0n).claims).toMatchObject([{ title: '1,000,000 usdc of treasury were burned', evidence: 'hard' }])
    expect(unwrap(million).claims).toEqual([])
    expect(unwrap(0n, 10n * million)).toMatchObject({ claims: [], blind: [] })
  })

  test.each([{ amount: '1' }, { percent: 1 }])(
    'is silent about a known contract that is no token, by %j',
    (options) => {
      const { watch } = treasuryScene(options, { names: [contract('fund', fake)] })
      const log = { ...unwrapped(treasury, million), address: fake }
      expect(watch.see({ transactions: [tx({ logs: [log] })] })).toMatchObject({ claims: [], blind: [] })
    },
  )

  test('is silent about a watched contract that is no token and has an event of the same name', () => {
    const { watch } = treasuryScene({ amount: '1' }, { on: [contract('vault', usdc)], names: [] })
    expect(watch.see({ transactions: [tx({ logs: [unwrapped(friend, million)] })] })).toMatchObject({
      claims: [],
      blind: [],
    })
  })
})
