import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { allowanceMisuse } from './allowanceMisuse.ts'

const [treasury, usd, ana, spender, multisend] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const short = (address: Address) => `${address.slice(0, 6)}…${address.slice(-4)}`

const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity}: ${title}`)

describe('what a watched account allows', () => {
  const approves = (amount: bigint, to = spender) =>
    event('event Approval(address indexed owner, address indexed spender, uint256 value)', usd, {
      ...{ owner: treasury, spender: to, value: amount },
    })
  function treasuryScene(code: '0x' | '0x60' = '0x', names: Address[] = []) {
    const world = new World().holds(usd, treasury, 1_000n).set(`code ${spender}`, code).settle()
    const watch = scene(allowanceMisuse, [contract('treasury', treasury)], {
      world,
      names: names.map((address) => contract('known', address)),
    })
    const sees = (...logs: SomeLog[]) => watch.see({ transactions: [tx({ from: ana, to: treasury, logs })] })
    const hears = (...logs: SomeLog[]) => watch.see({ transactions: [tx({ from: ana, to: multisend, logs })] })
    return { world, sees, hears }
  }

  test('is told where a plain account may take a tenth of what it holds, and is little news below', () => {
    expect(told(treasuryScene().sees(approves(100n)))).toEqual([
      `high: treasury let ${short(spender)}, a plain account, take 10 % of its ${short(usd)}`,
    ])
    expect(told(treasuryScene().sees(approves(99n)))).toEqual([expect.stringMatching(/^low: /)])
    expect(told(treasuryScene().sees(approves(2n ** 256n - 1n)))).toEqual([expect.stringContaining('100 %')])
  })

  test('is told where the spender was made in the same block, not where it is a contract of before or of the config', () => {
    const fresh = treasuryScene()
    fresh.world.set(`code ${spender}`, '0x60')
    expect(told(fresh.sees(approves(500n)))).toEqual([expect.stringContaining('a contract made just now')])
    expect(treasuryScene('0x60').sees(approves(500n)).claims).toEqual([])
    expect(treasuryScene('0x', [spender]).sees(approves(500n)).claims).toEqual([])
  })

  test('pages by a token of the config, or where the account did something: anybody can write such an event', () => {
    const done = event('event ExecutionSuccess(bytes32 txHash, uint256 payment)', treasury, {
      ...{ txHash: `0x${'ab'.repeat(32)}`, payment: 0n },
    })
    expect(treasuryScene().hears(approves(500n)).claims).toMatchObject([{ severity: 'low', evidence: 'soft' }])
    expect(treasuryScene().hears(approves(500n), done).claims).toMatchObject([{ severity: 'high', evidence: 'hard' }])
    expect(treasuryScene('0x', [usd]).hears(approves(500n)).claims).toMatchObject([{ severity: 'high' }])
  })

  test('is nothing where it is taken back, of somebody else, or not written as the standard writes it', () => {
    expect(treasuryScene().sees(approves(0n)).claims).toEqual([])
    expect(treasuryScene().sees({ ...approves(500n), data: '0x' }).claims).toEqual([])
    expect(treasuryScene().sees(approves(500n, treasury)).claims).toEqual([])
  })

  test('is blind where the code of the spender cannot be read', () => {
    const { world, sees } = treasuryScene()
    world.down.add(`code ${spender}`)
    expect(sees(approves(500n)).blind).toEqual([`Whom treasury allowed to take ${short(usd)} could not be looked at.`])
  })

  describe('through a contract that may move what it holds', () => {
    const [module, permit2] = [account(0x6666), account(0x7777)]
    const nothing: Address = `0x${'0'.repeat(40)}`
    const sets = (amount: bigint, minutes = 0, token = usd, safe = treasury) =>
      event(
        'event SetAllowance(address indexed safe, address delegate, address token, uint96 amount, uint16 resetTime)',
        module,
        { safe, delegate: spender, token, amount, resetTime: minutes },
      )
    const permits = (amount: bigint, signed = false) =>
      event(
        `event ${signed ? 'Permit' : 'Approval'}(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration${signed ? ', uint48 nonce' : ''})`,
        permit2,
        { owner: treasury, token: usd, spender, amount, expiration: 9_999, ...(signed && { nonce: 1 }) },
      )
    const isEnabled = `call ${treasury} 0x2d9ad53d${word(module).slice(2)}`
    const mayMove = `call ${usd} 0xdd62ed3e${word(treasury).slice(2)}${word(permit2).slice(2)}`
    const scenes = () => {
      const { world, hears } = treasuryScene()
      world
        .set(isEnabled, 1n)
        .set(mayMove, 2n ** 256n - 1n)
        .set(`balance ${treasury}`, 50n)
        .settle()
      return { world, hears }
    }

    test('is told as much as what a token keeps, by a module and by Permit2', () => {
      const { hears } = scenes()
      expect(told(hears(sets(100n)))).toEqual([
        `high: treasury let ${short(spender)}, a plain account, take 10 % of its ${short(usd)} through ${short(module)}`,
      ])
      expect(told(hears(sets(99n)))).toEqual([expect.stringMatching(/^low: /)])
      for (const signed of [false, true]) {
        expect(hears(permits(100n, signed)).claims).toMatchObject([{ severity: 'high', evidence: 'hard' }])
        expect(told(hears(permits(99n, signed)))).toEqual([expect.stringMatching(/^low: /)])
      }
    })

    test('counts what can be taken in a week, and the coins of the chain', () => {
      const { hears } = scenes()
      expect(told(hears(sets(15n, 1440)))).toEqual([expect.stringMatching(/^high: .* take 12 % of its/)])
      expect(told(hears(sets(12n, 1440)))).toEqual([expect.stringMatching(/^low: /)])
      expect(told(hears(sets(50n, 0, nothing)))).toEqual([expect.stringContaining('100 % of its coins')])
    })

    test('is nothing by a contract that may move nothing: anybody can write such an event', () => {
      const { world, hears } = scenes()
      world.set(isEnabled, 0n).set(mayMove, 0n)
      expect(hears(sets(1_000n), permits(1_000n)).claims).toEqual([])
      world.set(mayMove, 60n)
      expect(told(hears(permits(1_000n)))).toEqual([expect.stringMatching(/^low: .* take 6 % of its/)])
    })

    test('is nothing where it is taken back, of somebody else, or not written as such', () => {
      const { hears } = scenes()
      expect(hears(sets(0n), permits(0n), { ...sets(500n), data: '0x' }).claims).toEqual([])
      expect(hears(sets(500n, 0, usd, ana)).claims).toEqual([])
    })

    test('is blind where nobody can tell whether it may', () => {
      const { world, hears } = scenes()
      world.down.add('0x2d9ad53d')
      const { claims, blind } = hears(sets(500n))
      expect(claims).toEqual([])
      expect(blind).toEqual([`Whether ${short(module)} may move what treasury holds could not be read: nobody answers`])
    })
  })
})

describe('items of a watched account', () => {
  const [cards, market, buyer, weth] = [0x21, 0x22, 0x23, 0x24].map(account) as [Address, Address, Address, Address]
  const item = (tokenId: number, from = treasury) =>
    event('event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)', cards, {
      ...{ from, to: buyer, tokenId: BigInt(tokenId) },
    })
  const coins = (token: Address) =>
    event('event Transfer(address indexed from, address indexed to, uint256 value)', token, {
      ...{ from: buyer, to: treasury, value: 5n },
    })
  /** A market that may take the cards of the treasury, and has sold two of them. */
  function shop(sales = 2) {
    const approved = `call ${cards} 0xe985e9c5${word(treasury).slice(2)}${word(market).slice(2)}`
    const world = new World().set(approved, 1n).set(`balance ${treasury}`, 100n).settle()
    const watch = scene(allowanceMisuse, [contract('treasury', treasury)], { world })
    let [balance, time] = [100n, 1_700_000_000]
    const takes = (
      logs: SomeLog[],
      { pays = 0n, later = 60, to = market }: { pays?: bigint; later?: number; to?: Address } = {},
    ) => {
      balance += pays
      time += later
      world.settle().set(`balance ${treasury}`, balance)
      return watch.see({ timestamp: time, transactions: [tx({ from: buyer, to, logs })] })
    }
    for (let n = 0; n < sales; n++) expect(takes([item(n)], { pays: 7n }).claims).toEqual([])
    return { world, takes, approved }
  }

  test('page from the second on that who sold them before takes for nothing within a day', () => {
    const { takes } = shop()
    expect(told(takes([item(5)]))).toEqual([expect.stringMatching(/^medium: .* took 1 within a day for nothing$/)])
    expect(told(takes([item(6)], { later: 86_400 }))).toEqual([
      `high: ${short(market)}, which treasury lets take its ${short(cards)} and which paid for them before, took 2 within a day for nothing`,
    ])
    expect(told(shop().takes([item(5), item(6)]))).toEqual([expect.stringMatching(/^high: /)])
    const slow = shop()
    slow.takes([item(5)])
    expect(told(slow.takes([item(6)], { later: 86_401 }))).toEqual([expect.stringMatching(/^medium: /)])
  })

  test('are silent where something came in for them, and a token that never did before is no price', () => {
    const { takes } = shop(1)
    expect(takes([item(4), coins(weth)]).claims).toEqual([])
    expect(takes([item(5), item(6), coins(weth)]).claims).toEqual([])
    expect(takes([item(7), item(8)], { pays: 1n }).claims).toEqual([])
    expect(told(takes([item(9), item(10), coins(usd)]))).toEqual([expect.stringMatching(/^high: /)])
  })

  test('are silent where nobody knows that they are sold, where it acts itself, and where they are of another', () => {
    expect(shop(1).takes([item(5), item(6)]).claims).toEqual([])
    expect(shop().takes([item(5), item(6)], { to: treasury }).claims).toEqual([])
    expect(shop().takes([item(5, ana), item(6, ana)]).claims).toEqual([])
    const { world, takes, approved } = shop()
    world.set(approved, 0n)
    expect(takes([item(5), item(6)]).claims).toEqual([])
  })

  test('are blind where nobody can tell whether they were paid for', () => {
    const { world, takes } = shop()
    world.down.add('balance')
    expect(takes([item(5)]).blind).toEqual([
      expect.stringMatching(/^Whether .* was paid for items of .* could not be read\.$/),
    ])
  })
})
