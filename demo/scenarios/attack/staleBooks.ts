import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const staleBooks: Scenario = {
  name: 'stale-books',
  theme: 'attack',
  attack:
    'A contract leaves a keep of coins and, from within the payment, borrows from its lender against what still stands in the books.',
  twin: 'A customer’s contract puts in as much and borrows as much against it.',

  async build({ deploy, call, pay, accounts, mine }) {
    const [customer, thief] = [accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const keep = await deploy(readArtifact('CoinKeep'))
    const lender = await deploy(readArtifact('KeepLender'), { args: [keep.address] })
    await pay(lender.address, parseEther('400'))
    const robber = (from: `0x${string}`) =>
      deploy(readArtifact('KeepRobber'), { args: [keep.address, lender.address], from })
    return {
      protect: [keep.address, lender.address],
      victims: [keep.address, lender.address],
      async ordinary() {
        for (const from of users) {
          await call(keep, 'put', [], { from, value: parseEther('20') })
          await mine(3)
          await call(lender, 'borrow', [parseEther('2')], { from })
        }
      },
      async attack() {
        const own = await robber(thief)
        await mine(8)
        await call(own, 'rob', [], { from: thief, value: parseEther('90') })
      },
      async twin() {
        const own = await robber(customer)
        await mine(8)
        await call(own, 'borrow', [parseEther('72')], { from: customer, value: parseEther('90') })
      },
    }
  },
}
