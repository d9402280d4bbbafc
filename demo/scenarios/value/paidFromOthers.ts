import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const paidFromOthers: Scenario = {
  name: 'paid-from-others',
  theme: 'value',
  attack:
    'A bank pays out whose savings its caller names: a thief has those of one customer after the other paid to himself.',
  twin: 'A customer has all of his savings paid to somebody else, and a helper pays those of another to their owner.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer, shop] = [accounts[0]!, accounts[12]!, accounts[13]!]
    const [users, thief] = [accounts.slice(2, 8), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const bank = await deploy(readArtifact('NamedBank'), { args: [dollar.address] })
    const pay = (from: Hex, whose: Hex, to: Hex, amount: string) =>
      call(bank, 'pay', [whose, to, dollars(amount)], { from })
    for (const from of [...users, customer]) {
      await call(dollar, 'mint', [from, dollars('120000')])
      await call(dollar, 'approve', [bank.address, maxUint256], { from })
      await call(bank, 'put', [dollars('100000')], { from })
    }
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const from of users) {
          await call(bank, 'put', [dollars('900')], { from })
          await mine(3)
          await pay(from, from, from, '350')
        }
      },
      async attack() {
        for (const [index, user] of users.entries()) {
          await pay(thief, user, thief, String(96_000 - 500 * index))
          await mine(3)
        }
      },
      async twin() {
        await pay(customer, customer, shop, '100000')
        await pay(shop, users[0]!, users[0]!, '100000')
      },
    }
  },
}
