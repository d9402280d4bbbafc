import { expect, test } from 'vitest'
import { account, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { ownLoss } from '../ownLoss.ts'

const [farm, thief, tool, stake, reward, paper] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const moved = (token: Address, from: Address, to: Address, value: bigint): SomeLog =>
  transferLog(token, { from, to, value })

/** A farm with 1,000 of what is staked and 1,000 rewards. */
function farmed(logs: SomeLog[]) {
  const world = new World().holds(stake, farm, 1_000n).holds(reward, farm, 1_000n).set(`code ${tool}`, '0x60').settle()
  const paid = logs.filter(({ address, topics }) => address === reward && topics[1]!.endsWith(farm.slice(2)))
  world.holds(
    reward,
    farm,
    paid.reduce((left, { data }) => left - BigInt(data), 1_000n),
  )
  const names = [contract('stake', stake, { role: 'dependency' }), contract('reward', reward, { role: 'dependency' })]
  const watch = scene(ownLoss, [contract('farm', farm)], { world, names })
  const { claims } = watch.see({ transactions: [tx({ from: thief, to: tool, logs })] })
  return claims.map(({ severity, title }) => `${severity ?? ownLoss.severity}: ${title}`)
}

const [put, taken] = [moved(stake, tool, farm, 50_000n), moved(stake, farm, tool, 50_000n)]
const paid = (amount: bigint) => moved(reward, farm, tool, amount)
const told = (severity: string, share: string) => [
  `${severity}: ${share} of the reward of farm was taken in one transaction, along with what was put in and taken out again`,
]

test('who stakes for one transaction and has the rewards of others is told of, and pages from a tenth on', () => {
  expect(farmed([put, paid(100n), taken])).toEqual(told('high', '10 %'))
  expect(farmed([put, taken, paid(99n)])).toEqual(told('medium', '9.9 %'))
  expect(farmed([put, paid(19n), taken])).toEqual([])
})

test('who leaves something there, takes out what was there, or borrows it first, is not', () => {
  const most = moved(stake, farm, tool, 49_499n)
  expect(farmed([put, paid(300n), most])).toEqual([])
  expect(farmed([paid(300n), taken])).toEqual([])
  expect(farmed([taken, put, paid(300n)])).toEqual([])
  // Of a token that nobody knows, anybody can send and fetch any amount.
  expect(farmed([moved(paper, tool, farm, 9n), paid(300n), moved(paper, farm, tool, 9n)])).toEqual([])
})
