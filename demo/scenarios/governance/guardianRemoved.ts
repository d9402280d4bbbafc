import type { Hex } from 'viem'
import { acmeDao, role } from '../acmeDao.ts'
import { acmeVault } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const guardianRemoved: Scenario = {
  name: 'guardian-removed',
  theme: 'governance',
  attack:
    'A proposal to thank the community takes the role from the guardian, so that nobody can pause when the next one strikes.',
  twin: 'The DAO takes the role from its old strategist and gives it to a new one, as the proposal says.',

  async build(stage) {
    const { governor, timelock, decide } = await acmeDao(stage)
    const { vault, keys, use } = await acmeVault(stage, { admin: timelock.address, upgrader: timelock.address })
    const change = (functionName: 'grantRole' | 'revokeRole', name: string, account: Hex) => ({
      ...{ to: vault, functionName },
      args: [role(name), account],
    })
    const thanks = 'Thank you all for a wonderful year'
    const honest = 'Give the role of the strategist to our new strategist'
    return {
      protect: [vault.address, governor.address, timelock.address],
      victims: [vault.address, governor.address, timelock.address],
      ordinary: use,
      async attack() {
        await decide([change('revokeRole', 'GUARDIAN_ROLE', keys.guardian)], thanks)
      },
      async twin() {
        const deeds = [
          change('revokeRole', 'STRATEGIST_ROLE', keys.strategist),
          change('grantRole', 'STRATEGIST_ROLE', stage.accounts[18]!),
        ]
        await decide(deeds, honest)
      },
    }
  },
}
