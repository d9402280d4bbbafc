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
      world.set(isEnabled, 1n).set(mayMove, 2n ** 256n - 1n).set(`balance ${treasury}`, 50n).settle()
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
      expect(blind).toEqual([
        `Whether ${short(module)} may move what treasury holds could not be read: nobody answers`,
      ])
    })
  })
})
