import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeDao, role } from '../acmeDao.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const titleThatLies: Scenario = {
  name: 'title-that-lies',
  theme: 'governance',
  attack:
    'A proposal to thank the community puts hostile code behind the vault; people vote for its title, and after the delay the vault is emptied.',
  twin: 'The DAO upgrades the vault through its timelock to new code that its people deployed, as the proposal says.',

  async build(stage) {
    const { governor, timelock, voters, decide } = await acmeDao(stage)
    const { vault, use } = await acmeVault(stage, { admin: timelock.address, upgrader: timelock.address })
    const thief = stage.accounts[20] as Hex
    const hostile = readArtifact('HostileVault')
    const upgradeTo = (code: Hex) => ({ to: vault, functionName: 'upgradeToAndCall', args: [code, '0x'] })
    const thanks = 'Thank you all for a wonderful year'
    const honest = 'Upgrade the vault to version 2'
    return {
      protect: [vault.address, governor.address, timelock.address],
      victims: [vault.address, governor.address, timelock.address],
      ordinary: use,
      async attack() {
        const { address } = await stage.deploy(hostile, { from: thief })
        const grant = { to: vault, functionName: 'grantRole', args: [role('STRATEGIST_ROLE'), thief] }
        await decide([upgradeTo(address), grant], thanks)
        await stage.call({ ...vault, abi: hostile.abi }, 'migrate', [dollars('3000000')], { from: thief })
      },
      async twin() {
        const { address } = await stage.deploy(readArtifact('AcmeVault'), { from: voters[0]! })
        await decide([upgradeTo(address)], honest)
      },
    }
  },
}
