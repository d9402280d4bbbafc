import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { ownLoss } from '../ownLoss.ts'

const [bank, thief, tool, usd] = [0x11, 0x22, 0x33, 0x44].map(account) as [Address, Address, Address, Address]

test('a flood of tokens of a thief hides no loss, and pages nobody by what they say of themselves', () => {
  const junk = Array.from({ length: 40 }, (_, n) => account(0xbad000 + n))
  const world = new World()
  for (const token of [...junk, usd]) world.holds(token, bank, 1_000n)
  world.settle().set(`code ${tool}`, '0x60')
  for (const token of [...junk, usd]) world.holds(token, bank, 500n)
  const watch = scene(ownLoss, [contract('bank', bank)], { world, names: [contract('usd', usd)] })
  const logs = [...junk, usd].map((token) => transferLog(token, { from: bank, to: tool, value: 500n }))
  const { claims } = watch.see({ transactions: [tx({ from: thief, to: tool, logs })] })
  expect(claims.filter(({ severity }) => severity !== 'medium')).toMatchObject([{ facts: { token: usd } }])
})
