import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const operatorAdded: Scenario = {
  name: 'operator-added',
  theme: 'access',
  attack:
    'With the stolen key of the chief a thief puts an account on the pool’s own list of who may pay, and pays itself part by part, each less than a tenth.',
  twin: 'The operator makes one large payment, and a stranger tries to pay and fails.',

  async build({ deploy, call, attempt, accounts, mine }) {
    const [deployer, chief, operator, ana, ben] = accounts
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const pool = await deploy(readArtifact('OperatorPool'), { args: [chief, dollar.address] })
    await call(pool, 'setOperator', [operator, true], { from: chief! })
    await call(dollar, 'mint', [pool.address, dollars('1000000')])
    const pay = (to: string, amount: string, from = operator!) => call(pool, 'pay', [to, dollars(amount)], { from })
    return {
      protect: [pool.address],
      victims: [pool.address],
      async ordinary() {
        for (const amount of ['1000', '700', '2000', '900']) {
          await pay(ana!, amount)
          await mine(3)
        }
      },
      async attack() {
        await call(pool, 'setOperator', [thief, true], { from: chief! })
        for (let part = 0; part < 4; part++) {
          await mine(40)
          await pay(thief, '60000', thief)
        }
      },
      async twin() {
        await attempt(pool, 'pay', [thief, dollars('60000')], { from: thief })
        await pay(ben!, '40000')
        await mine(20)
        await pay(ana!, '3000')
      },
    }
  },
}
