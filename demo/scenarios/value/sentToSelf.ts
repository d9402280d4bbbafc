import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const sentToSelf: Scenario = {
  name: 'sent-to-self',
  theme: 'value',
  attack:
    'A coin is had twice by whoever sends it to himself: a thief does so three times, and takes out most of what stands behind it.',
  twin: 'A customer buys the coins of three others, sends a few to himself by mistake, and takes out all of them.',

  async build({ deploy, call, read, accounts, mine }) {
    const [deployer, customer] = [accounts[0]!, accounts[12]!]
    const [users, thief] = [accounts.slice(2, 8), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const coin = await deploy(readArtifact('SavingsCoin'), { args: [dollar.address] })
    for (const from of [...users, customer, thief]) {
      await call(dollar, 'mint', [from, dollars('400000')])
      await call(dollar, 'approve', [coin.address, maxUint256], { from })
    }
    for (const from of [...users, customer]) await call(coin, 'save', [dollars('300000')], { from })
    return {
      protect: [coin.address],
      victims: [coin.address],
      async ordinary() {
        for (const from of users) {
          await call(coin, 'save', [dollars('1000')], { from })
          await mine(3)
          await call(coin, 'spend', [dollars('700')], { from })
          await call(coin, 'transfer', [customer, dollars('90')], { from })
        }
      },
      async attack() {
        await call(coin, 'save', [dollars('200000')], { from: thief })
        for (let round = 0; round < 3; round++) {
          await mine(3)
          await call(coin, 'transfer', [thief, await read(coin, 'balanceOf', [thief])], { from: thief })
        }
        await mine(6)
        await call(coin, 'spend', [dollars('1500000')], { from: thief })
      },
      async twin() {
        for (const from of users.slice(0, 3)) {
          await call(coin, 'transfer', [customer, dollars('290000')], { from })
          await mine(2)
        }
        await call(coin, 'transfer', [customer, 7n], { from: customer })
        await call(coin, 'spend', [dollars('1100000')], { from: customer })
      },
    }
  },
}
