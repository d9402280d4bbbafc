import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const movedWhilePaid: Scenario = {
  name: 'moved-while-paid',
  theme: 'attack',
  attack:
    'A contract moves its balance to an accomplice by another function while the bank still pays it out, and back again.',
  twin: 'Customers move balances to each other and take out what they got.',

  async build({ deploy, call, accounts, mine }) {
    const bank = await deploy(readArtifact('GuardedBank'))
    const users = accounts.slice(2, 10)
    const [ana, ben] = users
    const thief = accounts[20]!
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const from of users) await call(bank, 'deposit', [], { from, value: parseEther('12') })
        await mine(20)
      },
      async attack() {
        const [first, second] = [
          await deploy(readArtifact('BankMover'), { args: [bank.address], from: thief }),
          await deploy(readArtifact('BankMover'), { args: [bank.address], from: thief }),
        ]
        await call(first, 'join', [second.address], { from: thief })
        await call(second, 'join', [first.address], { from: thief })
        await mine(5)
        await call(first, 'begin', [], { from: thief, value: parseEther('2') })
        for (let round = 0; round < 3; round++) {
          for (const mover of [first, second]) await call(mover, 'go', [], { from: thief })
        }
      },
      async twin() {
        await call(bank, 'deposit', [], { from: accounts[12]!, value: parseEther('3') })
        await call(bank, 'move', [ana, parseEther('1')], { from: ben! })
        await mine(3)
        await call(bank, 'move', [accounts[13], parseEther('3')], { from: accounts[12]! })
        await call(bank, 'withdrawAll', [], { from: accounts[13]! })
      },
    }
  },
}
