import { privilegedChange } from '../../../src/detectors/access/privilegedChange.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import type { Contract } from '../../../src/model/contract.ts'
import { account, call, event, type SomeLog, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

export const [vault, timelock, thief, good, next, other] = Array.from({ length: 6 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address]
export const slot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
export const id = word(0xabc)
export const start = 1_704_067_200
export const upgrade = (to: Address, data: Hex = '0x') =>
  call('function upgradeToAndCall(address implementation, bytes data)', [to, data])
export const upgraded = (to: Address) =>
  event('event Upgraded(address indexed implementation)', vault, { implementation: to })
export const executed = (data: Hex, { by = timelock, target = vault } = {}) =>
  event(
    'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
    by,
    {
      ...{ id, index: 0n, target, value: 0n, data },
    },
  )
export const ask = {
  timestamp: (of = timelock) => `call ${of} 0xd45c4435${id.slice(2)}`,
  delay: (of = timelock) => `call ${of} 0xf27a0c92`,
}

/** A vault that a timelock owns, and an operation of it that is ready. */
export function timelockScene({ options = {}, names = [] as Contract[], owner = timelock } = {}) {
  const world = new World()
    .set(`storage ${vault} ${slot}`, word(good))
    .set(`call ${vault} 0x8da5cb5b`, word(owner))
    .set(ask.timestamp(), BigInt(start - 10))
    .set(ask.delay(), 86_400n)
    .settle()
  const watch = scene(privilegedChange, [contract('vault', vault)], { options, names, world })
  watch.see()
  return {
    world,
    watch,
    upgrade(to: Address, logs: SomeLog[], from = thief) {
      world.set(`storage ${vault} ${slot}`, word(to))
      return watch.see({ transactions: [tx({ from, to: timelock, logs })] }).claims
    },
  }
}
