import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const initializedAgain: Scenario = {
  name: 'initialized-again',
  theme: 'access',
  attack: 'A stranger calls the initializer that was left open, is the owner without any event, and withdraws.',
  twin: 'A stranger tries to withdraw and fails; the owner makes a small payment.',

  async build({ deploy, call, attempt, pay, accounts, mine }) {
    const [, owner, ana] = accounts
    const thief = accounts[20]!
    const box = await deploy(readArtifact('OpenInitializer'))
    await call(box, 'initialize', [owner])
    await pay(box.address, parseEther('400'))
    const spend = (amount: string) => call(box, 'withdraw', [ana, parseEther(amount)], { from: owner! })
    return {
      protect: [box.address],
      victims: [box.address],
      async ordinary() {
        for (const amount of ['1', '0.5', '2']) {
          await spend(amount)
          await mine(5)
        }
      },
      async attack() {
        await call(box, 'initialize', [thief], { from: thief })
        await mine(2)
        await call(box, 'withdraw', [thief, parseEther('60')], { from: thief })
      },
      async twin() {
        await attempt(box, 'withdraw', [thief, parseEther('60')], { from: thief })
        await spend('1.5')
      },
    }
  },
}
