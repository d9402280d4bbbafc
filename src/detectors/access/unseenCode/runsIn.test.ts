import { expect, test } from 'vitest'
import type { Address, Call } from '../../../model/chain.ts'
import { runsIn } from './runsIn.ts'

const numbered = (n: number): Address => `0x${String(n).repeat(40)}`
const [keeper, wallet, module, token] = [1, 2, 3, 4].map(numbered) as [Address, Address, Address, Address]

const frame = (depth: number, kind: Call['kind'], from: Address, to: Address, gasUsed: bigint | null): Call => ({
  ...{ depth, kind, from, to, gasUsed, transactionHash: '0x', transactionIndex: 0, position: 0 },
  ...{ value: 0n, input: '0x', output: '0x', error: null, reverted: false },
})
const ran = (gas: bigint | null, ...inside: Call[]) =>
  runsIn([frame(0, 'call', keeper, wallet, 90_000n), frame(1, 'delegatecall', wallet, module, gas), ...inside], wallet)

test.each<[string, bigint | null, Call[], boolean]>([
  ['enough gas for one slot', 2_900n, [], true],
  ['one unit less', 2_899n, [], false],
  ['gas of which nothing is told', null, [], true],
  ['gas that a call used', 40_000n, [frame(2, 'call', wallet, wallet, 37_101n)], false],
  ['gas to reach another contract', 5_499n, [frame(2, 'call', wallet, token, 0n)], false],
  ['gas for both', 5_500n, [frame(2, 'call', wallet, token, 0n)], true],
  ['gas to reach it twice', 5_500n, [frame(2, 'call', wallet, token, 0n), frame(2, 'call', wallet, token, 0n)], true],
  ['gas of calls after it', 2_899n, [frame(1, 'call', wallet, token, 50_000n)], false],
])('%s: whether it may have written', (_, gas, inside, mayWrite) => {
  expect(ran(gas, ...inside)).toMatchObject([{ code: module, by: wallet, mayWrite }])
})

test('to destroy the contract is to seize it, if it was done by the code that ran', () => {
  expect(ran(1n, frame(2, 'selfdestruct', wallet, keeper, 0n))).toMatchObject([{ seized: '0xff' }])
  expect(ran(1n, frame(1, 'selfdestruct', wallet, keeper, 0n))).toMatchObject([{ seized: null }])
})
