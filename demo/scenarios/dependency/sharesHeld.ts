import { encodeFunctionData } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeSafe } from '../acmeSafe.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const sharesHeld: Scenario = {
  name: 'shares-held',
  theme: 'dependency',
  attack:
    'A Safe holds shares of a vault of others. With the key of their upgrader a thief gives the vault other code, and takes what it keeps later.',
  twin: 'Shares that the Safe never held are of a vault that gets other code; it buys more of its own.',

  async build(stage) {
    const { safe, asset, execute } = await acmeSafe(stage)
    const { call, mine, accounts } = stage
    const { vault, use } = await acmeVault(stage, { asset })
    const other = await acmeVault(stage, { asset })
    const thief = accounts[20]!
    const allow = (amount: string) => ({
      to: asset.address,
      data: encodeFunctionData({ abi: asset.abi, functionName: 'approve', args: [vault.address, dollars(amount)] }),
    })
    const buy = async (amount: string) => {
      await execute(allow(amount))
      const data = encodeFunctionData({
        ...{ abi: vault.abi, functionName: 'deposit', args: [dollars(amount), safe.address] },
      })
      await execute({ to: vault.address, data })
    }
    const upgrade = async ({ vault: proxy, keys }: Awaited<ReturnType<typeof acmeVault>>) => {
      const { address } = await stage.deploy(readArtifact('HostileVault'), { from: thief })
      await call(proxy, 'upgradeToAndCall', [address, '0x'], { from: keys.upgrader })
    }
    return {
      protect: [safe.address],
      victims: [safe.address, vault.address],
      async ordinary() {
        await buy('600000')
        await use()
      },
      async attack() {
        await upgrade({ ...other, vault })
        await mine(30)
        await call({ ...vault, abi: readArtifact('HostileVault').abi }, 'migrate', [dollars('400000')], { from: thief })
      },
      async twin() {
        await upgrade(other)
        await buy('50000')
        await use()
      },
    }
  },
}
