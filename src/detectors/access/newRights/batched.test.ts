import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { newRights } from '../newRights.ts'

const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
const [pool, chief, thief] = [1, 2, 3].map(somebody) as [Address, Address, Address]
const view: Hex = '0x6d70f7ae'
const batch = (inner: Hex) => call('function multicall(bytes[] calls)', [[inner]])
const look = batch(call('function balanceOf(address who)', [thief]))
const grant = batch(call('function setOperator(address account, bool on)', [thief, true]))

test('calls of the same batching function that name him, in the same block, do not make his right a usual one', () => {
  const world = new World()
  const watch = scene(newRights, [contract('pool', pool)], { options: { views: [view] }, world })
  const stands = (has: bigint) => world.set(`call ${pool} ${view}${word(thief).slice(2)}`, has)
  stands(0n).settle()
  stands(1n)
  const looks = Array.from({ length: 4 }, () => tx({ from: thief, to: pool, input: look }))
  const { claims, block } = watch.see({ transactions: [...looks, tx({ from: chief, to: pool, input: grant })] })
  const given = claims.find(({ transactionHash }) => transactionHash === block.transactions.at(-1)!.hash)
  expect(given).toMatchObject({ address: pool, facts: { account: thief } })
  expect(given).not.toHaveProperty('severity')
})
