import { encodeFunctionData } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeVault, dollars, grant } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const roleGrab: Scenario = {
  name: 'role-grab',
  theme: 'access',
  attack: 'With the stolen key of the admin a thief makes a fresh account strategist, which sends the money out.',
  twin: 'A user with a sixth of the vault takes all of it out, and another half of theirs.',

  async build(stage) {
    const acme = await acmeVault(stage)
    const { vault, asset, users, use } = acme
    const thief = stage.accounts[20]!
    return {
      protect: [vault.address],
      victims: [vault.address],
      ordinary: use,
      async attack() {
        await grant(stage, acme, 'strategist', thief)
        const strategy = await stage.deploy(readArtifact('HostileStrategy'), { from: thief })
        const args = [asset.address, thief, dollars('1200000')]
        const data = encodeFunctionData({ abi: strategy.abi, functionName: 'invest', args })
        await stage.call(vault, 'runStrategy', [strategy.address, data], { from: thief })
      },
      async twin() {
        const user = users[2]!
        await stage.call(vault, 'withdraw', [dollars('640000'), user, user], { from: user })
        await stage.mine(20)
        const other = users[4]!
        await stage.call(vault, 'withdraw', [dollars('370000'), other, other], { from: other })
      },
    }
  },
}
