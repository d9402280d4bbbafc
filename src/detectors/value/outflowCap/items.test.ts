import { describe, expect, test } from 'vitest'
import { named, numbered, thief, vault } from '../../../../test/harness/detectors/outflowScene.ts'
import { event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import { outflowCap } from '../outflowCap.ts'

describe('outflow cap of an ERC-1155', () => {
  const cards = contract('cards', numbered(7), { kind: 'erc1155', role: 'dependency' })
  const batch = (ids: readonly bigint[], values: readonly bigint[]) =>
    event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      cards.address,
      { operator: thief, from: vault, to: thief, ids: [...ids], values: [...values] },
    )
  /** A vault that holds so many of each kind, by its number from one on. */
  function cardScene(options: object, held: number[]) {
    const world = new World().token(cards.address, 'CARDS', 0)
    const watch = scene(outflowCap, [named], { options, names: [cards], world })
    const left = held.map(BigInt)
    const question = (id: number) =>
      `call ${cards.address} 0x00fdd58e${vault.slice(2).padStart(64, '0')}${id.toString(16).padStart(64, '0')}`
    const set = () => {
      for (const [place, amount] of left.entries()) world.set(question(place + 1), amount)
    }
    set()
    world.settle()
    const give = (amounts: number[]) => {
      for (const [place, amount] of amounts.entries()) left[place]! -= BigInt(amount)
      set()
      const ids = amounts.map((_, place) => BigInt(place + 1))
      return watch.see({ transactions: [tx({ from: thief, logs: [batch(ids, amounts.map(BigInt))] })] })
    }
    return { world, watch, give }
  }

  test('judges each kind alone by percent, at the limit and not an item below', () => {
    const { give } = cardScene({ percent: 25, window: '1h' }, [100, 200, 40])
    const seen = give([25, 49, 0])
    expect(seen.claims).toMatchObject([
      { title: '25 items of cards no. 1 (25 %) left vault within 1 hour, to 0x0000…2222', facts: { id: '1' } },
    ])
    expect(seen.blind).toEqual([])
    // What left of a kind within the hour is added up, and is one alert with the other kind.
    const [claim] = give([0, 1, 0]).claims
    expect(claim).toMatchObject({ title: '50 items of cards no. 2 (25 %) left vault within 1 hour, to 0x0000…2222' })
    expect(claim!.group).toBe(seen.claims[0]!.group)
  })

  test('says nothing of a kind of which there are but a few, and is blind where nobody says how many', () => {
    expect(cardScene({ percent: 25 }, [9]).give([9])).toMatchObject({ claims: [], blind: [] })
    expect(cardScene({ percent: 25 }, [10]).give([10]).claims).toHaveLength(1)
    const { world, give } = cardScene({ percent: 25 }, [100])
    world.down.add('0x00fdd58e')
    expect(give([90])).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
  })

  test('adds all kinds up where an amount is the limit', () => {
    const { give } = cardScene({ amount: 30 }, [100, 100])
    expect(give([14, 15]).claims).toEqual([])
    expect(give([1, 0]).claims).toMatchObject([{ title: expect.stringMatching(/^30 items of cards left vault/) }])
  })

  test('looks at a few kinds only, and says so', () => {
    const { give, watch } = cardScene(
      { percent: 25 },
      Array.from({ length: 17 }, () => 100),
    )
    expect(give(Array.from({ length: 17 }, () => 1))).toMatchObject({
      claims: [],
      blind: [expect.stringMatching(/^More than 16 kinds of items of 0x.* moved in one block/)],
    })
    expect(watch.see({ transactions: [tx({ logs: [batch([1n], [1n, 2n])] })] }).claims).toEqual([])
  })
})
