import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { outflowCap } from '../outflowCap.ts'

const [vault, thief, dollar, junk] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
]

/** Half of a token leaves a vault whose config names a dollar, or no token. */
function severitiesOf(token: Address, names = [contract('dollar', dollar, { kind: 'erc20' })]) {
  const world = new World().holds(token, vault, 1_000n).token(token, 'USD', 6).settle().holds(token, vault, 500n)
  const watch = scene(outflowCap, [contract('vault', vault)], { names, world })
  const logs = [transferLog(token, { from: vault, to: thief, value: 500n })]
  const { claims } = watch.see({ transactions: [tx({ from: thief, to: junk, logs })] })
  return [...new Set(claims.map(({ severity = outflowCap.severity }) => severity))]
}

test('a token that the config does not name pages nobody by what it says of itself', () => {
  expect(severitiesOf(junk)).toEqual(['medium'])
  expect(severitiesOf(dollar)).toEqual(['high'])
})

test('where the config names no token, each is believed whose balances bear it out', () => {
  expect(severitiesOf(junk, [])).toEqual(['high'])
})
