import { expect, test } from 'vitest'
import { account, call, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { reentrancy } from '../reentrancy.ts'

const [pair, bot, gold] = [1, 2, 3].map((n) => account(n * 0x1111)) as [Address, Address, Address]
const transfer = call('function transfer(address to, uint256 value)', [bot, 500n])
const callback = call('function uniswapV2Call(address, uint256, uint256, bytes)', [bot, 500n, 0n, '0x'])

/** A pair pays a bot, calls it back for its pay, and is called by it with a plain call meanwhile. */
function called(signature: string) {
  const world = new World().holds(gold, pair, 1_000n).settle()
  world.holds(gold, pair, 500n)
  const calls = [
    {
      ...{
        from: bot,
        to: pair,
        input: call('function swap(uint256, uint256, address, bytes)', [500n, 0n, bot, '0x01']),
      },
      calls: [
        { to: gold, input: transfer },
        { to: bot, input: callback, calls: [{ to: pair, input: call(signature) }] },
      ],
    },
  ]
  const logs = [transferLog(gold, { from: pair, to: bot, value: 500n })]
  const watch = scene(reentrancy, [contract('pair', pair)], { world })
  return watch
    .see({ transactions: [tx({ from: account(0x9), to: bot, calls, logs })] })
    .claims.map(({ severity }) => severity)
}

test('who asks for a price by a plain call does not enter again, whatever left', () => {
  expect(called('function getReserves()')).toEqual([])
  expect(called('function skim()')).toEqual(['critical'])
})
