import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { multi, nft, thief, treasury, treasuryScene } from '../../../../test/harness/detectors/largeTransferScene.ts'
import { event, tx } from '../../../../test/harness/node/block.ts'
import { contract } from '../../../../test/harness/scene.ts'

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
