import { describe, expect, test } from 'vitest'
import { ana, bank, ben, stranger, thief, told } from '../../../../test/harness/detectors/accountEntriesScene.ts'
import { call, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { accountEntries } from '../accountEntries.ts'

describe('items of ERC-1155 against the entries of accounts', () => {
  const kept = '0x1a2b3c4d'
  const cards = `0x${'ca'.repeat(20)}` as Address
  const fetch = call('function fetch(uint256[] ids, uint256[] counts)', [[1n], [1n]])
  const bring = call('function bring(uint256[] ids, uint256[] counts)', [[1n], [1n]])
  const batch = (from: Address, to: Address, ids: readonly bigint[], values: readonly bigint[]): SomeLog =>
    event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      cards,
      { operator: bank, from, to, ids: [...ids], values: [...values] },
    )

  /** A box with a hundred of each of three cards. */
  function boxScene(options: object = {}, names = [contract('cards', cards, { role: 'dependency' })]) {
    const world = new World()
    const counts = new Map<string, bigint>()
    const add = (key: string, by: bigint) => {
      counts.set(key, (counts.get(key) ?? 0n) + by)
      world.set(key, counts.get(key)!)
    }
    const entry = (who: Address, id: bigint) => `call ${bank} ${kept}${word(who).slice(2)}${word(id).slice(2)}`
    const held = (id: bigint) => `call ${cards} 0x00fdd58e${word(bank).slice(2)}${word(id).slice(2)}`
    for (const id of [1n, 2n, 3n]) {
      add(held(id), 100n)
      for (const who of [ana, ben, thief]) add(entry(who, id), who === thief ? 5n : 40n)
    }
    world.settle()
    const watch = scene(accountEntries, [contract('box', bank)], {
      world,
      names,
      options: { items: [kept], ...options },
    })
    type Gives = readonly [id: bigint, count: bigint, borne: bigint][]
    const give = (who: Address, gives: Gives, input = fetch, more: SomeLog[] = []) => {
      for (const [id, count, borne] of gives) {
        add(held(id), -count)
        add(entry(who, id), -borne)
      }
      const [ids, values] = [gives.map(([id]) => id), gives.map(([, count]) => (count < 0n ? -count : count))]
      const logs = [input === fetch ? batch(bank, who, ids, values) : batch(who, bank, ids, values)]
      return watch.see({ transactions: [tx({ from: who, to: bank, input, logs: [...more, ...logs] })] })
    }
    return {
      ...{ world, watch, give },
      learn() {
        for (const who of [ana, ben])
          for (const count of [-3n, 2n])
            expect(give(who, [[1n, count, count]], count > 0n ? fetch : bring)).toMatchObject({ claims: [], blind: [] })
      },
    }
  }

  test('speak where items of several kinds go that nothing was written down for', () => {
    const { learn, give } = boxScene()
    learn()
    const seen = give(thief, [
      [1n, 1n, 1n],
      [2n, 30n, 0n],
      [3n, 30n, 0n],
    ])
    expect(told(seen)).toEqual([
      'critical: box gave or wrote down 19.86 % of 3 kinds of items of cards for 0x0000…5555 beyond what stood in the entries',
    ])
    expect(seen.claims[0]).toMatchObject({ address: bank, evidence: 'hard', facts: { excess: '60' } })
  })

  test('are silent where the owner fetches his, before the books are known, and below the limit', () => {
    const { learn, give } = boxScene({ percent: 20 })
    expect(give(thief, [[2n, 10n, 0n]]).claims).toEqual([])
    learn()
    const all: [bigint, bigint, bigint][] = [
      [1n, 30n, 30n],
      [2n, 40n, 40n],
    ]
    expect(give(ana, all).claims).toEqual([])
    expect(give(thief, [[3n, 19n, 0n]]).claims).toEqual([])
    expect(give(thief, [[3n, 17n, 0n]]).claims).toHaveLength(1)
  })

  test('speak of a quarter that nothing is known to bear, and not of an item less', () => {
    const [much, less] = [25n, 24n].map((count) => told(boxScene().give(thief, [[2n, count, 0n]])))
    expect(much).toEqual([
      'high: 25 % of a kind of items of cards left box in one block, and no entry of an account bears it',
    ])
    expect(less).toEqual([])
  })

  test('wake nobody where nobody named the collection, and are not hidden by another', () => {
    const [soft] = [boxScene({}, []).give(thief, [[2n, 25n, 0n]])]
    expect(soft.claims).toMatchObject([{ severity: 'medium', evidence: 'soft' }])
    const { learn, give } = boxScene()
    learn()
    const ids = Array.from({ length: 40 }, (_, id) => BigInt(id))
    const junk = event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      stranger,
      { operator: thief, from: bank, to: thief, ids, values: ids.map(() => 10n ** 20n) },
    )
    expect(told(give(thief, [[2n, 30n, 0n]], fetch, [junk]))).toEqual([expect.stringMatching(/^critical: box gave/)])
  })

  test('are blind where nobody answers, or there are too many kinds', () => {
    const { learn, give, world } = boxScene()
    learn()
    const many = Array.from({ length: 13 }, (_, id): [bigint, bigint, bigint] => [BigInt(id + 10), 1n, 0n])
    expect(give(thief, many).blind).toEqual(['1 more kinds of items that box moved in one block were not judged.'])
    world.down.add(kept)
    expect(give(thief, [[2n, 1n, 0n]])).toMatchObject({
      claims: [],
      blind: [`What stands under ${kept} could not be read: nobody answers`],
    })
  })

  test('need a function to ask', () => {
    expect(accountEntries.options.safeParse({}).success).toBe(false)
    expect(accountEntries.options.safeParse({ items: [kept] }).success).toBe(true)
  })
})
