import { describe, expect, test } from 'vitest'
import { account, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import { seededRandom } from '../../../test/harness/seededRandom.ts'
import type { Address } from '../../model/chain.ts'
import type { Json } from '../../model/finding.ts'
import type { Pricing } from '../../model/pricing.ts'
import { unusualOutflow } from './unusualOutflow.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [vault, thief, user, usdc, fake] = [numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)]
const start = 1_704_067_200
const held = 1_000_000_000n
const names = [contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })]

/** A vault whose users take about a tenth of a percent an hour out, and put as much in. */
function vaultScene(
  known?: ReadonlyMap<string, Json>,
  { options = {}, prices = [] }: { options?: object; prices?: Pricing[] } = {},
) {
  const world = new World().token(usdc, 'USDC', 0).holds(usdc, vault, held).settle()
  const priced = names.map((each) => ({ ...each, prices }))
  const watch = scene(unusualOutflow, [contract('vault', vault)], { names: priced, world, options })
  for (const [key, value] of known ?? []) watch.memory.set(key, value)
  const random = seededRandom(known ? 5 : 4)
  let [hour, balance] = [known ? hours : 0, held]
  const move = (amounts: readonly bigint[], { seconds = 0, token = usdc, to = thief } = {}) => {
    const logs = amounts.map((amount) =>
      transferLog(token, {
        ...(amount < 0n ? { from: vault, to, value: -amount } : { from: user, to: vault, value: amount }),
      }),
    )
    if (token === usdc) balance += amounts.reduce((sum, amount) => sum + amount, 0n)
    world.holds(usdc, vault, balance)
    return watch.see({ timestamp: start + 3600 * hour + seconds, transactions: logs.map((log) => tx({ logs: [log] })) })
  }
  /** Ordinary hours, each with so much more leaving it. */
  const pass = (hours: number, more = 0n) =>
    Array.from({ length: hours }, () => {
      hour++
      const out = BigInt(Math.round(Number(held) * 0.001 * Math.exp(random() + random() - 1)))
      return move([-out, out, ...(more > 0n ? [-more] : [])], { to: user })
    })
  return { watch, world, move, pass, next: () => hour++ }
}
/** So many hours are learned once, for all tests that begin after them. */
const hours = 760
const learned = vaultScene()
const learning = learned.pass(hours)
const afterwards = (given?: Parameters<typeof vaultScene>[1]) => vaultScene(learned.watch.memory, given)
const claims = (seen: readonly { claims: object[] }[]) => seen.flatMap((each) => each.claims)

describe('unusual outflow', () => {
  test('says nothing while it learns, and tells so', () => {
    const { watch, pass, move } = vaultScene()
    expect(claims(learning)).toEqual([])
    expect(claims(pass(3))).toEqual([])
    expect(move([-500_000_000n], { seconds: 60 }).claims).toEqual([])
    expect(watch.watch.notes?.[0]).toContain('720 hours')
  })

  test('speaks of a drain in the block in which the hour passes what is usual, and once', () => {
    const { move, next } = afterwards()
    next()
    expect(move([-15_000_000n]).claims).toMatchObject([{ severity: 'medium' }])
    const { claims: found, block } = move([-10_000_000n], { seconds: 12 })
    expect(found).toMatchObject([
      {
        address: vault,
        transactionHash: block.transactions[0]!.hash,
        title: expect.stringMatching(
          /^25,000,000 usdc \(2\.5 %\) left vault within an hour that usually takes 0\.\d+ %$/,
        ),
        evidence: 'soft',
        facts: { outflow: '25000000', heldAtStart: String(held), share: '2.5 %' },
      },
    ])
    expect(found[0]).not.toHaveProperty('severity')
    expect(move([-30_000_000n], { seconds: 24 }).claims).toEqual([])
  })

  test('is silent about twice the usual, and about what comes back in the same transaction', () => {
    const { watch, move, next } = afterwards()
    next()
    expect(move([-2_000_000n]).claims).toEqual([])
    const flash = [
      { from: vault, to: thief, value: 900_000_000n },
      { from: thief, to: vault, value: 900_000_000n },
    ].map((args) => transferLog(usdc, args))
    expect(watch.see({ transactions: [tx({ logs: flash })] }).claims).toEqual([])
  })

  test('tells once of hours that each take a little more, and again after a calm', () => {
    const { pass } = afterwards()
    const bled = claims(pass(40, 3_500_000n))
    expect(bled).toMatchObject([{ severity: 'medium', title: expect.stringContaining('more than usual') }])
    expect(claims(pass(200))).toEqual([])
    expect(claims(pass(40, 3_500_000n))).toHaveLength(1)
  })

  test('asks for what is held once an hour, and remembers two keys for each asset', () => {
    const { watch, pass, move } = vaultScene()
    pass(3)
    const balanceReads = move([-5n], { seconds: 30 }).reads.filter(({ kind }) => kind === 'call')
    expect(balanceReads).toEqual([])
    expect([...watch.memory.keys()].toSorted()).toEqual([`hour ${vault} ${usdc}`, `learned ${vault} ${usdc}`, 'tokens'])
  })

  test('says that it is blind where what is held cannot be read, and passes over tokens of strangers', () => {
    const { world, pass, move } = vaultScene()
    pass(2)
    expect(move([-5n, -6n], { token: fake, seconds: 12 })).toMatchObject({ blind: [], claims: [] })
    world.down.add(usdc)
    expect(pass(1)[0]!.blind).toEqual([`What vault holds of ${usdc} could not be read: nobody answers`])
  })

  test('judges native coins by the balance', () => {
    const { world, watch, pass } = vaultScene()
    world.set(`balance ${vault}`, 10n ** 18n).settle()
    pass(2)
    world.set(`balance ${vault}`, 4n * 10n ** 17n)
    watch.see({})
    expect(watch.memory.get(`hour ${vault} native`)).toMatchObject({
      held: String(10n ** 18n),
      out: String(6n * 10n ** 17n),
    })
  })
})

describe('unusual outflow in dollars', () => {
  const priced = (answer: { price: number } | { none: string }): Pricing[] => [
    { name: 'usdFeed', read: null, priceIn: () => answer },
  ]
  const drain = (answer: { price: number } | { none: string }, options = {}) => {
    const { move, next } = afterwards({ prices: priced(answer), options })
    next()
    return move([-25_000_000n])
  }

  test('says what left is worth, by whose word', () => {
    expect(drain({ price: 0.04 }).claims).toMatchObject([
      {
        title: expect.stringMatching(/^25,000,000 usdc \(2\.5 %, ≈ \$1 M\) left vault within an hour/),
        facts: { usd: 1_000_000, pricedBy: 'usdFeed' },
      },
    ])
    expect(drain({ price: 0.04 }).claims[0]).not.toHaveProperty('severity')
  })

  test('of too few pages nobody, at the limit it does, and it does once more has left in the hour', () => {
    const options = { leastUsd: 1_000_000 }
    expect(drain({ price: 0.04 }, options).claims[0]).not.toHaveProperty('severity')
    const { move, next } = afterwards({ prices: priced({ price: 0.0399 }), options })
    next()
    expect(move([-25_000_000n]).claims).toMatchObject([{ severity: 'medium', facts: { usd: 997_500 } }])
    const { claims: found } = move([-100_000n], { seconds: 12 })
    expect(found).toMatchObject([{ facts: { usd: 1_001_490 } }])
    expect(found[0]).not.toHaveProperty('severity')
  })

  test('is judged by percent alone where there is no price, which is said', () => {
    const { claims: found, blind } = drain({ none: 'its price is 3 hours old' }, { leastUsd: 1e9 })
    expect(found).toMatchObject([{ facts: { unpriced: 'usdFeed: its price is 3 hours old' } }])
    expect(found[0]).not.toHaveProperty('severity')
    expect(blind).toEqual(['What left vault could not be counted in dollars: usdFeed: its price is 3 hours old'])
    const { move, next } = afterwards({ options: { leastUsd: 1e9 } })
    next()
    const unpriced = move([-25_000_000n])
    expect(unpriced).toMatchObject({ blind: [], claims: [{ facts: { unpriced: 'the config names no price for it' } }] })
    expect(unpriced.claims[0]).not.toHaveProperty('severity')
  })

  test('hours that each take a little more are told with what they took together', () => {
    const { pass } = afterwards({ prices: priced({ price: 0.04 }) })
    expect(claims(pass(40, 3_500_000n))).toMatchObject([
      {
        title: expect.stringMatching(/^[\d.]+ % of the usdc \(≈ \$[\d.]+ M\) has left vault/),
        facts: { pricedBy: 'usdFeed' },
      },
    ])
  })
})
