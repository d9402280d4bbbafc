import { readArtifact } from '../../artifact.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const stolenUpgradeKey: Scenario = {
  name: 'stolen-upgrade-key',
  theme: 'access',
  attack:
    'With the stolen key of the upgrader a thief puts other code behind the vault; no token moves until the next block.',
  twin: 'Somebody deploys the same code for a vault of their own, while users of ours deposit and withdraw.',

  async build(stage) {
    const { vault, asset, keys, users, use } = await acmeVault(stage)
    const thief = stage.accounts[20]!
    const hostile = readArtifact('HostileVault')
    return {
      protect: [vault.address],
      victims: [vault.address],
      ordinary: use,
      async attack() {
        const { address } = await stage.deploy(hostile, { from: thief })
        await stage.call(vault, 'upgradeToAndCall', [address, '0x'], { from: keys.upgrader })
        await stage.call({ ...vault, abi: hostile.abi }, 'migrate', [dollars('3000000')], { from: thief })
      },
      async twin() {
        await stage.deploy(hostile, { from: thief })
        await stage.call(asset, 'transfer', [thief, dollars('20000')], { from: users[0]! })
        await use()
      },
    }
  },
}
