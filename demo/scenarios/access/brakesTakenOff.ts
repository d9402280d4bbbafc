import { roles } from '../../protocol.ts'
import { acmeVault } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const brakesTakenOff: Scenario = {
  name: 'brakes-taken-off',
  theme: 'access',
  attack: 'With a stolen admin key a thief first takes the role from the guardian, so that nobody can pause later.',
  twin: 'The guardian pauses the vault in a drill, and the admin lets it go on.',

  async build(stage) {
    const { vault, keys, use } = await acmeVault(stage)
    return {
      protect: [vault.address],
      victims: [vault.address],
      ordinary: use,
      async attack() {
        await stage.call(vault, 'revokeRole', [roles.guardian, keys.guardian], { from: keys.admin })
        await stage.mine(40)
      },
      async twin() {
        await stage.call(vault, 'pause', [], { from: keys.guardian })
        await stage.mine(30)
        await stage.call(vault, 'unpause', [], { from: keys.admin })
        await use()
      },
    }
  },
}
