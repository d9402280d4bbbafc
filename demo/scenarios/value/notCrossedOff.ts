import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const notCrossedOff: Scenario = {
  name: 'not-crossed-off',
  theme: 'value',
  attack:
    'A bank forgets to cross off what it pays quickly: a user takes the same three percent again, once in a quarter of an hour.',
  twin: 'The largest customer takes out half of what the bank holds, which is theirs.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer, thief] = [accounts[0]!, accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const bank = await deploy(readArtifact('EntryBank'), { args: [dollar.address] })
    const bring = async (from: `0x${string}`, amount: string) => {
      await call(dollar, 'mint', [from, dollars(amount)])
      await call(dollar, 'approve', [bank.address, maxUint256], { from })
      await call(bank, 'put', [dollars(amount)], { from })
    }
    for (const user of users) await bring(user, '100000')
    await bring(customer, '700000')
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const from of users) {
          await call(bank, 'take', [dollars('900')], { from })
          await mine(3)
          await call(bank, 'put', [dollars('300')], { from })
        }
      },
      async attack() {
        await bring(thief, '40000')
        for (let times = 0; times < 8; times++) {
          await call(bank, 'takeQuickly', [dollars('40000')], { from: thief })
          await mine(75)
        }
      },
      async twin() {
        await call(bank, 'take', [dollars('650000')], { from: customer })
      },
    }
  },
}
