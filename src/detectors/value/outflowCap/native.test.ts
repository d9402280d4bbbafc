import { describe, expect, test } from 'vitest'
import {
  fake,
  moved,
  named,
  thief,
  usdc,
  user,
  vault,
  vaultScene,
} from '../../../../test/harness/detectors/outflowScene.ts'
import { account, event, tx } from '../../../../test/harness/node/block.ts'
import { scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { outflowCap } from '../outflowCap.ts'

describe('outflow cap of native value', () => {
  const ether = 10n ** 18n
  test('adds up internal transfers by the balance', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { options: { percent: 10, token: 'native' }, world })
    const left = (balance: bigint, transactions = [tx({ from: thief, to: user })]) => {
      world.set(`balance ${vault}`, balance)
      return watch.see({ transactions })
    }
    expect(left(95n * ether).claims).toEqual([])
    expect(left(90n * ether + 1n).claims).toEqual([])
    expect(left(90n * ether)).toMatchObject({
      claims: [
        {
          title: '10 ETH (10 %) left vault within 1 hour',
          evidence: 'hard',
          transactionHash: expect.stringMatching(/^0x/),
        },
      ],
      blind: [],
    })
    expect(left(81n * ether).claims).toEqual([])
    world.down.add('balance')
    expect(watch.see().blind).toEqual(['The native balance of vault could not be read: nobody answers'])
  })

  test('takes off what the same transaction brought, as a bid that pays back the one before it, and no other', () => {
    const bids = (balance: bigint, ...values: bigint[]) => {
      const world = new World().set(`balance ${vault}`, 100n * ether).settle()
      world.set(`balance ${vault}`, balance)
      const watch = scene(outflowCap, [named], { options: { percent: 10, token: 'native' }, world })
      return watch.see({ transactions: values.map((value) => tx({ from: user, to: vault, value })) }).claims
    }
    expect(bids(105n * ether, 105n * ether)).toEqual([])
    expect(bids(90n * ether + 1n, 105n * ether)).toEqual([])
    expect(bids(90n * ether, 105n * ether)).toMatchObject([{ title: '10 ETH (10 %) left vault within 1 hour' }])
    // Which of two it was that took so much is not known.
    expect(bids(105n * ether, 105n * ether, 0n)).toMatchObject([{ title: '100 ETH (100 %) left vault within 1 hour' }])
  })
})

describe('outflow cap of wrapped native coins', () => {
  const unwrapped = (by: Address, wad: bigint, token = usdc) =>
    event('event Withdrawal(address indexed src, uint256 wad)', token, { src: by, wad })
  /** The vault of 1,000 takes coins out of their wrapping; `kept`: as many of them stay with it. */
  function unwrap(logs: ReturnType<typeof unwrapped>[], { left = 500n, kept = 0n, token = usdc } = {}) {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(token, 'WETH', 0).holds(token, vault, 1000n).settle().holds(token, vault, left)
    world.set(`balance ${vault}`, kept)
    return watch.see({ transactions: [tx({ logs })] }).claims
  }

  test('speaks where they go on in the same transaction, which no Transfer and no native balance shows', () => {
    expect(unwrap([unwrapped(vault, 500n)])).toMatchObject([
      { title: '500 usdc (50 %) left vault within 1 hour, to 0x0000…0000', evidence: 'hard' },
    ])
    expect(unwrap([unwrapped(vault, 500n, fake)], { token: fake })).toHaveLength(1)
  })

  test('is silent about what stays as native value, and speaks of the part that does not', () => {
    expect(unwrap([unwrapped(vault, 500n)], { kept: 500n })).toEqual([])
    expect(unwrap([unwrapped(vault, 500n)], { kept: 301n })).toEqual([])
    expect(unwrap([unwrapped(vault, 500n)], { kept: 300n })).toMatchObject([{ facts: { outflow: '200' } }])
  })

  test('counts once what is told as a transfer too', () => {
    const burnt = moved(usdc, vault, account(0), 500n)
    expect(unwrap([unwrapped(vault, 500n), burnt])).toMatchObject([{ facts: { outflow: '500' } }])
  })

  test('does not take for a token what has events of the same name', () => {
    expect(unwrap([unwrapped(vault, 500n)], { left: 1000n })).toEqual([])
    const fund = vaultScene({ percent: 20 })
    fund.world.set(`call ${usdc} 0x70a08231${vault.slice(2).padStart(64, '0')}`, null).settle()
    expect(fund.watch.see({ transactions: [tx({ logs: [unwrapped(vault, 500n)] })] })).toMatchObject({
      claims: [],
      blind: [],
      memory: {},
    })
    const shares = moved(usdc, vault, account(0), 300n)
    expect(unwrap([shares, unwrapped(vault, 500n)], { left: 700n })).toMatchObject([{ facts: { outflow: '300' } }])
  })
})
