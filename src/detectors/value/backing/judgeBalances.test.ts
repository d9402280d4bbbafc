import { describe, expect, test } from 'vitest'
import { account, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const [token, thief, user, other, zero] = [0x1111, 0x2222, 0x3333, 0x4444, 0].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const moved = (from: Address, to: Address, value: bigint) => transferLog(token, { from, to, value })

/** A token of which 100,000 were made. `held` and `supply` are what it says after the logs. */
function see(
  logs: SomeLog[],
  after: { before?: bigint; held?: bigint; supply?: bigint; options?: object; down?: boolean },
) {
  const world = new World().set(`call ${token} 0x18160ddd`, 100_000n)
  for (const who of [thief, user, other]) world.holds(token, who, after.before ?? 20_000n)
  world.settle()
  world.holds(token, thief, after.held ?? 20_000n).set(`call ${token} 0x18160ddd`, after.supply ?? 100_000n)
  if (after.down) world.down.add(`0x70a08231`)
  const watch = scene(backing, [contract('token', token)], { world, options: after.options ?? {} })
  return watch.see({ transactions: [tx({ from: thief, to: token, logs })] })
}
const told = ({ claims }: ReturnType<typeof see>) =>
  claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`)

describe('balances that a token did not tell of', () => {
  test('page where a transfer to oneself counts twice', () => {
    const seen = see([moved(thief, thief, 20_000n)], { held: 40_000n })
    expect(told(seen)).toEqual([
      `critical: ${thief.slice(0, 6)}…${thief.slice(-4)} has 20 % of the supply of token more than it told of`,
    ])
    expect(seen.claims[0]).toMatchObject({ address: token, evidence: 'hard', facts: { excess: '20000', told: '0' } })
  })

  test('page from the limit on, and not a unit below', () => {
    const got = (excess: bigint, options = {}) =>
      told(see([moved(user, thief, 1_000n)], { held: 21_000n + excess, options }))
    expect(got(2_000n)[0]).toMatch(/^high/)
    expect(got(1_999n)).toEqual([])
    expect(got(9_999n)[0]).toMatch(/^high/)
    expect(got(10_000n)[0]).toMatch(/^critical/)
    expect(got(2_000n, { mintPercent: 3 })).toEqual([])
  })

  test('are none where all was told, less came than was told, or the supply knows of it', () => {
    expect(told(see([moved(user, thief, 15_000n)], { held: 35_000n }))).toEqual([])
    expect(told(see([moved(thief, thief, 20_000n)], {}))).toEqual([])
    expect(told(see([moved(user, thief, 15_000n)], { held: 34_000n }))).toEqual([])
    // It rebases: everybody has a tenth more.
    expect(told(see([moved(user, thief, 1n)], { held: 22_001n, supply: 110_000n }))).toEqual([])
    // Half of it is made, and nobody was told.
    expect(told(see([moved(user, thief, 1n)], { held: 24_001n, supply: 101_999n }))).toHaveLength(1)
  })

  test('page where somebody has more than there is, though it was told, as where a number ran over', () => {
    const got = (held: bigint) => told(see([moved(user, thief, held - 20_000n)], { held }))
    expect(got(102_000n)).toEqual([
      `high: ${thief.slice(0, 6)}…${thief.slice(-4)} has 2 % of the supply of token more than there is`,
    ])
    expect(got(101_999n)).toEqual([])
    expect(got(2n ** 255n)[0]).toMatch(/^critical/)
    // Of a token that counts otherwise, somebody had so much all along.
    expect(told(see([moved(user, thief, 1n)], { held: 200_001n, before: 200_000n }))).toEqual([])
  })

  test('are blind where balances cannot be read, and deaf to what only looks like a transfer', () => {
    const logs = [moved(thief, thief, 20_000n)]
    expect(see(logs, { held: 40_000n, down: true })).toMatchObject({ claims: [], blind: ['token: nobody answers'] })
    expect(see([{ ...logs[0]!, data: '0x01' }], { held: 40_000n }).claims).toEqual([])
    expect(see([moved(thief, zero, 5_000n)], { held: 15_000n, supply: 95_000n }).claims).toEqual([])
  })

  test('ask for the four who got most', () => {
    const crowd = Array.from({ length: 40 }, (_, index) => account(0x9_0000 + index))
    const { reads } = see(
      crowd.map((who, index) => moved(user, who, BigInt(index + 1))),
      {},
    )
    expect(reads.filter((read) => read.kind === 'call' && read.data.startsWith('0x70a08231')).length).toBeLessThan(20)
  })
})
