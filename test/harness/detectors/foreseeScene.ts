import { governance } from '../../../src/detectors/governance/governance.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, call, type event, tx } from '../node/block.ts'
import { contract, scene, World, word } from '../scene.ts'
import { type Doing, governor, id, proposed as proposedBy, timelock } from './governanceScene.ts'

export const [vault, usdc, guardian, thief, helper, heir] = Array.from({ length: 6 }, (_, n) =>
  account((n + 3) * 0x1111),
) as [Address, Address, Address, Address, Address, Address]
const names = [contract('vault', vault), contract('usdc', usdc, { role: 'dependency', kind: 'erc20' })]
const pause = '0x8456cb59'
export const may = (who: Address) => `call ${vault} ${pause} from ${who}`
export const owner = `call ${vault} 0x8da5cb5b`

export function dao(options: object = {}) {
  const world = new World()
    .set(owner, word(timelock))
    .set(may(guardian), '0x')
    .holds(usdc, timelock, 6_000n)
    .holds(usdc, vault, 4_000n)
    .settle()
  const on = [
    contract('governor', governor, { kind: 'governor' }),
    contract('timelock', timelock, { kind: 'timelock' }),
  ]
  const guardians = [{ account: guardian, contract: '$vault' }]
  const watch = scene(governance, on, { world, names, options: { guardians, ...options } })
  /** What the world is once the calls are made, as far as it is another. */
  const leadsTo = (change: (after: World) => void) => {
    world.simulated = () => {
      const after = new World()
      for (const [question, answer] of world.now) after.set(question, answer)
      change(after)
      return after
    }
  }
  const see = (...logs: ReturnType<typeof event>[]) =>
    watch.see({ transactions: [tx({ from: thief, to: governor, nonce: 0, logs })] })
  const effects = (seen: ReturnType<typeof see>) => seen.claims.filter(({ key }) => key.startsWith('effect'))
  return { world, watch, leadsTo, see, effects }
}

export const proposed = (doing: Doing[], description = 'Thank you all', end = 500n) =>
  proposedBy(doing, { by: thief, description, end })
export const unknown: Doing = { to: helper, data: '0xdeadbeef' }
export const revoke: Doing = {
  to: vault,
  data: call('function revokeRole(bytes32 role, address account)', [id, guardian]),
}
export const grant: Doing = { to: vault, data: call('function grantRole(bytes32 role, address account)', [id, heir]) }
