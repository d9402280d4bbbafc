import { encodeFunctionData, type Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const strangeModule: Scenario = {
  name: 'strange-module',
  theme: 'access',
  attack:
    'With the key of a keeper a thief lets the treasury run code of his, which writes him among its keepers and says nothing; days later he pays himself as one.',
  twin: 'The keepers let the treasury run the module that pays, as ever, and once much.',

  async build({ deploy, call, mine, accounts }) {
    const [deployer, keeper, ana, ben] = accounts as [Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const module = await deploy(readArtifact('PayModule'))
    const wallet = await deploy(readArtifact('ModuleWallet'), { args: [[keeper]] })
    await call(dollar, 'mint', [wallet.address, dollars('1500000')])
    const pay = (to: Hex, amount: string, from = keeper) => {
      const data = encodeFunctionData({
        ...{ abi: module.abi, functionName: 'pay', args: [dollar.address, to, dollars(amount)] },
      })
      return call(wallet, 'run', [module.address, data], { from })
    }
    return {
      protect: [wallet.address],
      victims: [wallet.address],
      async ordinary() {
        for (const amount of ['800', '1200', '640', '2100', '900', '1500']) {
          await pay(ana, amount)
          await mine(6)
        }
      },
      async attack() {
        const hostile = await deploy(readArtifact('HostileModule'), { from: thief })
        const data = encodeFunctionData({ abi: hostile.abi, functionName: 'balance', args: [thief] })
        await call(wallet, 'run', [hostile.address, data], { from: keeper })
        for (let part = 0; part < 4; part++) {
          await mine(60)
          await pay(thief, '60000', thief)
        }
      },
      async twin() {
        await pay(ben, '90000')
        await mine(20)
        await pay(ana, '1100')
      },
    }
  },
}
