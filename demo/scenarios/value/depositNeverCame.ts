import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const depositNeverCame: Scenario = {
  name: 'deposit-never-came',
  theme: 'value',
  attack:
    'A router tells of a deposit whether its coins came or not: a thief without any deposits a tenth of all, and the vault’s keepers pay him back later.',
  twin: 'A customer deposits as much as anybody ever did, changes his mind, and is paid back.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, keepers, customer, thief] = [accounts[0]!, accounts[10]!, accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const router = await deploy(readArtifact('TellingRouter'))
    const deposit = (from: Hex, amount: string) =>
      call(router, 'deposit', [keepers, dollar.address, dollars(amount), 'SWAP'], { from })
    const pay = (to: Hex, amount: string) =>
      call(router, 'pay', [to, dollar.address, dollars(amount), 'OUT'], { from: keepers })
    for (const from of [...users, customer]) {
      await call(dollar, 'mint', [from, dollars('200000')])
      await call(dollar, 'approve', [router.address, maxUint256], { from })
    }
    for (const user of users) await deposit(user, '80000')
    return {
      protect: [router.address],
      victims: [router.address],
      async ordinary() {
        for (const user of users) {
          await deposit(user, '1500')
          await mine(4)
          await pay(user, '900')
        }
      },
      async attack() {
        await deposit(thief, '50000')
        await mine(20)
        await pay(thief, '49900')
      },
      async twin() {
        await deposit(customer, '90000')
        await mine(20)
        await pay(customer, '89900')
      },
    }
  },
}
