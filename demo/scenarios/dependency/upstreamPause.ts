import { acmeVault } from '../acmeVault.ts'
import { issuedDollar } from '../issuedDollar.ts'
import type { Scenario } from '../scenario.ts'

export const upstreamPause: Scenario = {
  name: 'upstream-pause',
  theme: 'dependency',
  attack: 'The dollar that the vault holds is paused with a stolen key: what is in the vault cannot leave.',
  twin: 'Another token of the same issuer is paused, while the vault is used as ever.',

  async build(stage) {
    const dollar = await issuedDollar(stage)
    const other = await issuedDollar(stage)
    const { vault, users, use } = await acmeVault(stage, { asset: dollar })
    return {
      protect: [vault.address],
      victims: [dollar.address, vault.address],
      ordinary: use,
      async attack() {
        await stage.call(dollar, 'pause')
        await stage.attempt(vault, 'withdraw', [1_000_000n, users[0], users[0]], { from: users[0]! })
      },
      async twin() {
        await stage.call(other, 'pause')
        await use()
      },
    }
  },
}
