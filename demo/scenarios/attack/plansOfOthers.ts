import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

const [day, year] = [86_400, 31_536_000n]

export const plansOfOthers: Scenario = {
  name: 'plans-of-others',
  theme: 'attack',
  attack:
    'A payer of grants over time asks nobody whose a plan is: a thief has what is due by those of others paid to himself.',
  twin: 'Two who never asked before have all paid that is due to them.',

  async build({ deploy, call, accounts, mine, skip }) {
    const grantees = accounts.slice(1, 9)
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [accounts[0]] })
    const payer = await deploy(readArtifact('PlanPayer'), { args: [dollar.address] })
    await call(dollar, 'mint', [accounts[0], dollars('2000000')])
    await call(dollar, 'approve', [payer.address, maxUint256])
    for (const [id, grantee] of grantees.entries())
      await call(payer, 'plan', [grantee, dollars(`${150_000 + 9_000 * id}`), year])
    const release = (id: number, from = grantees[id]!) => call(payer, 'release', [id], { from })
    return {
      protect: [payer.address],
      victims: [payer.address],
      async ordinary() {
        for (const id of [0, 3, 5, 6, 1]) {
          await skip(day)
          await release(id)
        }
        await skip(40 * day)
      },
      async attack() {
        for (const id of [4, 2]) {
          await release(id, thief)
          await mine(10)
        }
      },
      async twin() {
        await release(2)
        await mine(4)
        await release(7)
      },
    }
  },
}
