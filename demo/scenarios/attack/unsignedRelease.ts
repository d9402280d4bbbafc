import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const unsignedRelease: Scenario = {
  name: 'unsigned-release',
  theme: 'attack',
  attack: 'A bridge checks every signature that it is handed: a thief hands it none, for sums as users have them.',
  twin: 'Somebody new has three larger sums released, which the guards signed.',

  async build({ client, deploy, call, read, accounts, mine }) {
    const guards = accounts.slice(13, 15).toSorted()
    const [users, customer, thief] = [accounts.slice(2, 6), accounts[16]!, accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [accounts[0]] })
    const bridge = await deploy(readArtifact('SignedBridge'), { args: [dollar.address, guards] })
    await call(dollar, 'mint', [bridge.address, dollars('900000')])
    let id = 0n
    const release = async (to: Hex, amount: string) => {
      const content = [id++, to, dollars(amount)]
      const raw = await read<Hex>(bridge, 'digestOf', content)
      const signatures = guards.map((account) => client.signMessage({ account, message: { raw } }))
      await call(bridge, 'release', [...content, await Promise.all(signatures)], { from: to })
    }
    return {
      protect: [bridge.address],
      victims: [bridge.address],
      async ordinary() {
        for (const user of users) {
          await release(user, '12000')
          await mine(5)
        }
      },
      async attack() {
        for (const own of [101n, 102n, 103n]) {
          await call(bridge, 'release', [own, thief, dollars('14000'), []], { from: thief })
          await mine(10)
        }
      },
      async twin() {
        id = 200n
        for (const amount of ['14000', '60000', '15000']) await release(customer, amount)
      },
    }
  },
}
