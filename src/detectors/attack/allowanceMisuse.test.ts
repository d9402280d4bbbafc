import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { allowanceMisuse } from './allowanceMisuse.ts'

const [router, treasury, usd, gold, ana, ben, thief, spender] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
  account(n * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address]
const swap = call('function swap()')
const moved = (from: Address, to: Address, value: bigint, token = usd): SomeLog =>
  event('event Transfer(address indexed from, address indexed to, uint256 value)', token, { from, to, value })
const takes = (owner: Address, to: Address, amount: bigint) => ({
  from: router,
  to: usd,
  input: call('function transferFrom(address from, address to, uint256 value)', [owner, to, amount]),
})
const short = (address: Address) => `${address.slice(0, 6)}…${address.slice(-4)}`

function routerScene(options: object = {}) {
  const watch = scene(allowanceMisuse, [contract('router', router)], { options })
  return {
    watch,
    pull(owner: Address, { logs = [] as SomeLog[], from = thief, to = router, by = [takes(owner, thief, 900n)] } = {}) {
      return watch.see({
        transactions: [tx({ from, to, input: swap, logs: [moved(owner, thief, 900n), ...logs], calls: by })],
      })
    },
  }
}
const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity}: ${title}`)

describe('what others allow a watched contract to take', () => {
  test('is misused where one hand takes it from several who had no part in it and got nothing', () => {
    const scene = routerScene()
    expect(told(scene.pull(ana))).toEqual([expect.stringMatching(/^medium: /)])
    const seen = scene.pull(ben)
    expect(told(seen)).toEqual([
      `high: ${short(thief)} took tokens of 2 owners through router, who had no part in it and got nothing`,
    ])
    expect(seen.claims[0]).toMatchObject({ address: router, evidence: 'hard', facts: { owners: 2, amount: '900' } })
    expect(scene.pull(account(0x99)).claims).toEqual([])
  })

  test('is not, where the owner sends, calls or is paid', () => {
    const scene = routerScene({ owners: 1 })
    expect(scene.pull(ana, { from: ana }).claims).toEqual([])
    expect(scene.pull(ana, { logs: [moved(router, ana, 7n, gold)] }).claims).toEqual([])
    const wallet = {
      from: thief,
      to: ben,
      input: swap,
      calls: [{ to: router, input: swap, calls: [takes(ben, thief, 900n)] }],
    }
    expect(scene.pull(ben, { to: account(0x77), by: [wallet] as never }).claims).toEqual([])
    expect(scene.pull(ana).claims).toHaveLength(1)
  })

  test('is not, where nothing was taken, another contract takes it, or the call cannot be read', () => {
    const scene = routerScene({ owners: 1 })
    expect(scene.pull(ana, { by: [{ ...takes(ana, thief, 900n), from: gold }] }).claims).toEqual([])
    expect(
      scene.pull(ana, { by: [{ ...takes(ana, thief, 900n), error: 'execution reverted' } as never] }).claims,
    ).toEqual([])
    expect(scene.pull(ana, { by: [{ ...takes(ana, thief, 900n), input: '0x23b872dd00' }] }).claims).toEqual([])
    expect(scene.pull(ana, { by: [takes(ben, thief, 900n)] }).claims).toEqual([])
  })

  test('forgets owners after a day', () => {
    const scene = routerScene()
    scene.pull(ana)
    scene.watch.see({ number: 50_000, timestamp: 2_000_000_000 } as never)
    expect(told(scene.pull(ben))).not.toContain(expect.stringMatching(/^high/))
  })
})

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
    return { world, sees }
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
