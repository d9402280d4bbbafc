import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
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
})
