import { encodeAbiParameters, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const [pair, token, other, thief] = [0x1111, 0x2222, 0x3333, 0x4444].map(account) as [
  Address,
  Address,
  Address,
  Address,
]
const moved = (from: Address, to: Address, value: bigint) => transferLog(token, { from, to, value })
const ask = (to: Address, signature: string) => `call ${to} ${toFunctionSelector(signature)}`
const pages = 'high: What the 0x0000…2222 of pair grew by itself,'

/** A pair of ten million of two tokens, of which the first grows as it likes. */
function watching() {
  const world = new World()
  let [held, reserve] = [10_000_000n, 10_000_000n]
  const write = () =>
    world
      .set(ask(pair, 'token0()'), word(token))
      .set(ask(pair, 'token1()'), word(other))
      .set(
        ask(pair, 'getReserves()'),
        encodeAbiParameters([{ type: 'uint112' }, { type: 'uint112' }, { type: 'uint32' }], [reserve, 10_000_000n, 1]),
      )
      .set(ask(pair, 'totalSupply()'), 10_000_000n)
      .set(ask(pair, 'kLast()'), 0n)
      .holds(token, pair, held)
      .holds(other, pair, 10_000_000n)
      .set(ask(token, 'totalSupply()'), 1n << 90n)
      .set(ask(other, 'totalSupply()'), 1n << 90n)
  write().settle()
  const watch = scene(backing, [contract('pair', pair)], { world })
  const sees = (by: { held?: bigint; reserve?: bigint; logs?: SomeLog[] }) => {
    held += by.held ?? 0n
    reserve += by.reserve ?? 0n
    write()
    const { claims } = watch.see({ transactions: [tx({ from: thief, to: pair, logs: by.logs ?? [] })] })
    return claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`)
  }
  for (const _ of [1, 2]) expect(sees({})).toEqual([])
  return {
    sees,
    /** In a transaction that has nothing to do with the pair. */
    grows(by: bigint) {
      held += by
      write()
      watch.see({ transactions: [tx({ from: thief, to: token })] })
    },
  }
}
const swapped = (amount0In: bigint) =>
  event(
    'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
    pair,
    { sender: thief, amount0In, amount1In: 0n, amount0Out: 0n, amount1Out: 0n, to: thief },
  )

test('pages where what grew by itself is taken out, in the same block or later, from one percent on', () => {
  for (const [grown, expected] of [
    [99_999n, []],
    [100_000n, [expect.stringContaining(pages)]],
    [1_000_000n, [expect.stringContaining('critical')]],
  ] as const) {
    expect(watching().sees({ logs: [moved(pair, thief, grown)] })).toEqual(expected)
    const later = watching()
    later.grows(grown)
    expect(later.sees({ held: -grown, logs: [moved(pair, thief, grown)] })).toEqual(expected)
    expect(later.sees({})).toEqual([])
  }
})

test('pages where it is counted as what somebody paid', () => {
  const watch = watching()
  watch.grows(200_000n)
  expect(watch.sees({ reserve: 200_000n, logs: [swapped(200_000n)] })).toEqual([expect.stringContaining(pages)])
})

test('says nothing where the reserves learn of it, or while it lies there', () => {
  const watch = watching()
  watch.grows(3_000_000n)
  expect(watch.sees({})).toEqual([])
  const none = expect.not.arrayContaining([expect.stringContaining('grew by itself')])
  expect(watch.sees({ reserve: 3_000_000n })).toEqual(none)
  expect(watch.sees({ held: -200_000n, reserve: -200_000n, logs: [moved(pair, thief, 200_000n)] })).toEqual(none)
})

test('says nothing of what somebody sent there by mistake, nor of trades', () => {
  const watch = watching()
  expect(watch.sees({ held: 3_000_000n, logs: [moved(thief, pair, 3_000_000n)] })).toEqual([])
  expect(watch.sees({ held: -3_000_000n, logs: [moved(pair, thief, 3_000_000n)] })).toEqual([])
  const trade = { held: 2_000_000n, reserve: 2_000_000n, logs: [moved(thief, pair, 2_000_000n), swapped(2_000_000n)] }
  expect(watch.sees(trade)).toEqual([])
})
