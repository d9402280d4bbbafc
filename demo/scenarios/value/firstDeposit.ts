import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const firstDeposit: Scenario = {
  name: 'first-deposit-inflation',
  theme: 'value',
  attack: 'A thief buys the one share of a new vault, gives it money, and the next deposit rounds down to no shares.',
  twin: 'The team makes a first deposit, gives a small sum on top, and users follow.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, ana, ben] = accounts
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const vault = await deploy(readArtifact('NaiveVault'), { args: [dollar.address] })
    for (const user of [ana!, ben!, thief]) {
      await call(dollar, 'mint', [user, dollars('1000000')])
      await call(dollar, 'approve', [vault.address, maxUint256], { from: user })
    }
    return {
      protect: [vault.address],
      victims: [vault.address],
      ordinary: () => mine(12),
      async attack() {
        await call(vault, 'deposit', [1n, thief], { from: thief })
        await call(dollar, 'transfer', [vault.address, dollars('50000')], { from: thief })
        await mine(4)
        await call(vault, 'deposit', [dollars('40000'), ana], { from: ana! })
        await call(vault, 'redeem', [1n, thief, thief], { from: thief })
      },
      async twin() {
        await call(vault, 'deposit', [dollars('1000'), deployer], { from: ana! })
        await call(dollar, 'transfer', [vault.address, dollars('25')], { from: ben! })
        await mine(4)
        await call(vault, 'deposit', [dollars('40000'), ana], { from: ana! })
        await call(vault, 'deposit', [dollars('700'), ben], { from: ben! })
      },
    }
  },
}
