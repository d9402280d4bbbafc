import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const numberCutOff: Scenario = {
  name: 'number-cut-off',
  theme: 'value',
  attack:
    'A bank without a getter asks for the lower half of a number and writes down all of it: a thief puts in a millionth of a dollar, and takes out others’ part by part.',
  twin: 'The largest customer puts in more, and takes out all that he has.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer, thief] = [accounts[0]!, accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const bank = await deploy(readArtifact('CutOffBank'), { args: [dollar.address] })
    const put = (from: Hex, amount: bigint) => call(bank, 'put', [amount], { from })
    const take = (from: Hex, amount: string) => call(bank, 'take', [dollars(amount)], { from })
    for (const from of [...users, customer, thief]) {
      await call(dollar, 'mint', [from, dollars('200000')])
      await call(dollar, 'approve', [bank.address, maxUint256], { from })
    }
    for (const user of [...users, customer]) await put(user, dollars('90000'))
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const user of users) {
          await put(user, dollars('700'))
          await mine(3)
          await take(user, '300')
        }
      },
      async attack() {
        await put(thief, 2n ** 128n + 1n)
        await mine(5)
        for (let part = 0; part < 3; part++) {
          await take(thief, '30000')
          await mine(30)
        }
      },
      async twin() {
        await put(customer, dollars('50000'))
        await mine(5)
        await take(customer, '140000')
      },
    }
  },
}
