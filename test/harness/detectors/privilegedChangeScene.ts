import { privilegedChange } from '../../../src/detectors/access/privilegedChange.ts'
import type { Address, Hex } from '../../../src/model/chain.ts'
import type { Contract } from '../../../src/model/contract.ts'
import { account, event, type SomeLog, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'

const numbered = (n: number): Address => account(n * 0x1111)
export const [vault, thief, owner, good, evil, beacon] = [1, 2, 3, 4, 5, 6].map(numbered) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
export const slot = {
  implementation: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  admin: '0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103',
  beacon: '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
  legacy: '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
}
export const storage = (at: Hex, of = vault) => `storage ${of} ${at}`
export const ask = { owner: `call ${vault} 0x8da5cb5b`, paused: `call ${vault} 0x5c975abb` }
export const upgraded = (to: Address, by = vault) =>
  event('event Upgraded(address indexed implementation)', by, { implementation: to })
export const transferred = (from: Address, to: Address) =>
  event('event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)', vault, {
    previousOwner: from,
    newOwner: to,
  })

/** A proxy with an owner and a pause, as it was before the first block. */
export function vaultScene(options: object = {}, on: Contract[] = [contract('vault', vault)]) {
  const world = new World()
    .set(storage(slot.implementation as Hex), word(good))
    .set(storage(slot.admin as Hex), word(owner))
    .set(`code ${vault}`, '0x6001')
    .set(`code ${good}`, '0x6002')
    .set(`code ${evil}`, '0x6003')
    .set(ask.owner, word(owner))
    .set(ask.paused, word(0))
    .settle()
  return { world, watch: scene(privilegedChange, on, { options, world }) }
}

export const by = (logs: SomeLog[] = []) => ({
  transactions: [tx({ from: thief, to: vault, input: '0xdeadbeef', logs })],
})
