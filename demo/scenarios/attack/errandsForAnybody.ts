import { encodeFunctionData, type Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const errandsForAnybody: Scenario = {
  name: 'errands-for-anybody',
  theme: 'attack',
  attack:
    'The wallet of a bot runs any call that it is told, by whomever: a thief has it pay him eight percent three times over.',
  twin: 'The owner of the wallet has it pay a partner a fifth of all at once.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, owner, partner, thief] = [accounts[0]!, accounts[12]!, accounts[13]!, accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const wallet = await deploy(readArtifact('ErrandWallet'), { from: owner })
    await call(dollar, 'mint', [wallet.address, dollars('500000')])
    const pay = (from: Hex, to: Hex, amount: string) => {
      const args = [to, dollars(amount)]
      const data = encodeFunctionData({ abi: dollar.abi, functionName: 'transfer', args })
      return call(wallet, 'run', [dollar.address, 0n, data], { from })
    }
    return {
      protect: [wallet.address],
      victims: [wallet.address],
      async ordinary() {
        for (const amount of ['900', '2500', '400', '1200', '3100']) {
          await pay(owner, partner, amount)
          await mine(4)
        }
      },
      async attack() {
        for (let part = 0; part < 3; part++) {
          await pay(thief, thief, '39000')
          await mine(5)
        }
      },
      async twin() {
        await pay(owner, partner, '100000')
      },
    }
  },
}
