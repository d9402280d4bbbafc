import { keccak256, toHex } from 'viem'
import { newRights } from '../../../src/detectors/access/newRights.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { call, event, type SomeLog, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const numbered = (n: number): Address => `0x${String(n).repeat(40)}`
export const [pool, chief, thief, timelock, token] = [1, 2, 3, 4, 5].map(numbered) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** Addresses as they are: without a long run of zeros. */
export const somebody = (n: number): Address => `0x${keccak256(toHex(n)).slice(26)}`
export const view: Hex = '0x6d70f7ae'
export const grant = 'function setOperator(address account, bool on)'

export function poolScene(
  names = [
    contract('timelock', timelock, { role: 'dependency', kind: 'timelock' }),
    contract('token', token, { role: 'dependency', kind: 'erc20' }),
  ],
) {
  const world = new World()
  const stands = (who: Address, has: boolean | bigint) =>
    world.set(`call ${pool} ${view}${word(who).slice(2)}`, BigInt(has))
  const watch = scene(newRights, [contract('pool', pool)], { options: { views: [view] }, names, world })
  return {
    ...{ world, watch, stands },
    /** An account that had no right has it after a transaction. */
    given(who: Address, rest: Partial<Parameters<typeof tx>[0]> = {}) {
      stands(who, false)
      world.settle()
      stands(who, true)
      return watch.see({ transactions: [tx({ from: chief, to: pool, input: call(grant, [who, true]), ...rest })] })
    },
  }
}

export const moved = (to: Address, by = token): SomeLog =>
  event('event Transfer(address indexed from, address indexed to, uint256 value)', by, { from: pool, to, value: 5n })
