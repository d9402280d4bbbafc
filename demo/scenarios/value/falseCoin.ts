import { type Hex, maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Scenario } from '../scenario.ts'

export const falseCoin: Scenario = {
  name: 'false-coin',
  theme: 'value',
  attack:
    'A bank of several tokens believes one that answers false and moves nothing: a thief deposits what he never had.',
  twin: 'A customer takes out what he deposited before the watch began, which is as much, and brings half of it back.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer] = accounts as [Hex]
    const [customer, thief] = [accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const bank = await deploy(readArtifact('TokensBank'))
    const coin = await deploy(readArtifact('FalseCoin'), { args: [deployer, parseEther('3000000')] })
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    for (const from of [...users, customer]) {
      await call(dollar, 'mint', [from, parseEther('200000')])
      await call(coin, 'transfer', [from, parseEther('200000')])
      for (const token of [coin, dollar]) {
        await call(token, 'approve', [bank.address, maxUint256], { from })
        await call(bank, 'deposit', [token.address, parseEther('60000')], { from })
      }
    }
    return {
      protect: [bank.address, coin.address, dollar.address],
      victims: [bank.address],
      async ordinary() {
        for (const from of users) {
          for (const { address } of [coin, dollar]) {
            await call(bank, 'deposit', [address, parseEther('140')], { from })
            await mine(2)
            await call(bank, 'withdraw', [address, parseEther('90')], { from })
          }
        }
      },
      async attack() {
        await call(bank, 'deposit', [coin.address, parseEther('60000')], { from: thief })
        await mine(3)
        await call(bank, 'withdraw', [coin.address, parseEther('60000')], { from: thief })
      },
      async twin() {
        await call(bank, 'withdraw', [coin.address, parseEther('60000')], { from: customer })
        await mine(3)
        await call(bank, 'deposit', [coin.address, parseEther('30000')], { from: customer })
      },
    }
  },
}
