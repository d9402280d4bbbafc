import { readArtifact } from '../../artifact.ts'
import { acmeVault, dollars } from '../acmeVault.ts'
import { issuedDollar } from '../issuedDollar.ts'
import type { Scenario } from '../scenario.ts'

export const upstreamUpgrade: Scenario = {
  name: 'upstream-upgrade',
  theme: 'dependency',
  attack: 'With the stolen key of its issuer, the dollar that the vault holds gets other code, and is minted later.',
  twin: 'The issuer mints, and makes another contract of theirs, which nobody here holds, run other code.',

  async build(stage) {
    const dollar = await issuedDollar(stage)
    const other = await issuedDollar(stage)
    const { vault, use } = await acmeVault(stage, { asset: dollar })
    const thief = stage.accounts[20]!
    const upgrade = async (proxy: typeof dollar) => {
      const { address } = await stage.deploy(readArtifact('FreezableDollar'), { from: thief })
      await stage.call(proxy, 'upgradeToAndCall', [address, '0x'])
    }
    return {
      protect: [vault.address],
      victims: [dollar.address, vault.address],
      ordinary: use,
      async attack() {
        await upgrade(dollar)
        await stage.mine(10)
        await stage.call(dollar, 'mint', [thief, dollars('900000000')])
      },
      async twin() {
        await upgrade(other)
        await stage.call(dollar, 'mint', [thief, dollars('250000')])
        await use()
      },
    }
  },
}
