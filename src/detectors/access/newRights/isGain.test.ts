import { maxUint256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { block, call, tx } from '../../../../test/harness/node/block.ts'
import { contract, modelBlock, word } from '../../../../test/harness/scene.ts'
import { isGain } from './isGain.ts'

const [bridge, token] = [
  '0x00000000000000000000000000000000000b51d6',
  '0x0000000000000000000000000000000000070c31',
] as const

/** A limit for an account that a call sets to what it names. */
function limited(was: bigint, now: bigint, named = now) {
  const input = call('function setLimit(address token, uint256 amount)', [token, named])
  const [transaction] = modelBlock(block({ transactions: [tx({ to: bridge, input })] })).transactions
  const occasion = {
    transaction: transaction!,
    entry: null,
    way: '0x36db43b5',
    accounts: [token],
    isCut: false,
  } as const
  return isGain(word(was), word(now), contract('bridge', bridge), occasion)
}

describe('an amount for an account', () => {
  test.each([
    ['ten times as much as before', 1_000n, 10_000n],
    ['without end', 1_000n, maxUint256],
  ])('that a call makes %s is a right', (_, was, now) => expect(limited(was, now)).toBe(true))

  test.each([
    ['a little less than ten times as much', 1_000n, 9_999n, 9_999n],
    ['where nothing was before, as an entry', 0n, 10_000n, 10_000n],
    ['ten times as much, though the call names another', 1_000n, 10_000n, 9_000n],
    ['ten times as much of very little', 1n, 255n, 255n],
    ['less', 10_000n, 1_000n, 1_000n],
  ])('that becomes %s is none', (_, was, now, named) => expect(limited(was, now, named)).toBe(false))
})
