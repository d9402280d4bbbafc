import { describe, expect, test } from 'vitest'
import {
  fake,
  friend,
  million,
  safe,
  thief,
  treasury,
  treasuryScene,
  usdc,
} from '../../../../test/harness/detectors/largeTransferScene.ts'
import { event, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { largeTransfer } from '../largeTransfer.ts'

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
