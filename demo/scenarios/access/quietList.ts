import { encodeFunctionData, type Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeSafe } from '../acmeSafe.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const quietList: Scenario = {
  name: 'quiet-list',
  theme: 'access',
  attack:
    'With two stolen keys a thief has the Safe that is the chief of a pool put him on its list of payers, of which no event tells, and pays himself part by part.',
  twin: 'The Safe pays a bill, a payer on the list makes a payment as large, and a stranger tries to pay and fails.',

  async build(stage) {
    const { deploy, call, attempt, accounts, mine } = stage
    const { safe, asset, execute, payment } = await acmeSafe(stage)
    const [payer, ana, ben] = accounts.slice(6) as [Hex, Hex, Hex]
    const thief = accounts[20]!
    const pool = await deploy(readArtifact('QuietPool'), { args: [safe.address, asset.address] })
    await call(asset, 'mint', [pool.address, dollars('1000000')])
    const list = (account: Hex) =>
      execute({
        to: pool.address,
        data: encodeFunctionData({ abi: pool.abi, functionName: 'setPayer', args: [account, true] }),
      })
    await list(payer)
    const pay = (to: Hex, amount: string, from = payer) => call(pool, 'pay', [to, dollars(amount)], { from })
    return {
      protect: [pool.address],
      victims: [pool.address],
      async ordinary() {
        for (const amount of ['1000', '700', '2000', '900']) {
          await pay(ana, amount)
          await mine(3)
        }
        await execute(payment(ben, '4000'))
      },
      async attack() {
        await list(thief)
        for (let part = 0; part < 4; part++) {
          await mine(40)
          await pay(thief, '60000', thief)
        }
      },
      async twin() {
        await execute(payment(ben, '5000'))
        await attempt(pool, 'pay', [thief, dollars('60000')], { from: thief })
        await pay(ben, '60000')
        await mine(20)
      },
    }
  },
}
