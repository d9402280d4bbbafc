import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const reenteredBank: Scenario = {
  name: 'reentered-bank',
  theme: 'attack',
  attack:
    'A contract deposits one coin in a bank and takes it out thirty times, each time from within the payment before.',
  twin: 'A customer’s contract deposits and withdraws in six parts of one transaction, and puts a payment back from within it.',

  async build({ deploy, call, accounts, mine }) {
    const bank = await deploy(readArtifact('CoinBank'))
    const users = accounts.slice(2, 10)
    const [thief, customer] = [accounts[20]!, accounts[11]!]
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const from of users) await call(bank, 'deposit', [], { from, value: parseEther('12') })
        await mine(20)
        await call(bank, 'withdraw', [parseEther('2')], { from: users[0]! })
      },
      async attack() {
        const robber = await deploy(readArtifact('BankRobber'), { args: [bank.address], from: thief })
        await mine(10)
        await call(robber, 'rob', [30], { from: thief, value: parseEther('1') })
      },
      async twin() {
        const router = await deploy(readArtifact('BankRouter'), { args: [bank.address], from: customer })
        await call(router, 'inParts', [6], { from: customer, value: parseEther('3') })
        await mine(5)
        await call(router, 'rollOver', [], { from: customer, value: parseEther('1') })
      },
    }
  },
}
