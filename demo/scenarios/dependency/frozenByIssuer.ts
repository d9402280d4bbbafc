import { acmeVault } from '../acmeVault.ts'
import { issuedDollar } from '../issuedDollar.ts'
import type { Scenario } from '../scenario.ts'

export const frozenByIssuer: Scenario = {
  name: 'frozen-by-issuer',
  theme: 'dependency',
  attack: 'Whoever holds the key of the issuer freezes the vault, silently: no user can withdraw any more.',
  twin: 'The issuer freezes the account of a stranger, and takes it back.',

  async build(stage) {
    const dollar = await issuedDollar(stage)
    const { vault, users, use } = await acmeVault(stage, { asset: dollar })
    const stranger = stage.accounts[21]!
    return {
      protect: [vault.address],
      victims: [dollar.address, vault.address],
      ordinary: use,
      async attack() {
        await stage.call(dollar, 'setBlacklisted', [vault.address, true])
        await stage.mine(3)
        await stage.attempt(vault, 'withdraw', [1_000_000n, users[0], users[0]], { from: users[0]! })
      },
      async twin() {
        await stage.call(dollar, 'setBlacklisted', [stranger, true])
        await use()
        await stage.call(dollar, 'setBlacklisted', [stranger, false])
      },
    }
  },
}
