import { type Hex, maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

export const rewardHandedOn: Scenario = {
  name: 'reward-handed-on',
  theme: 'value',
  attack:
    'Shares of a farm earn their reward anew for each who holds them: a thief hands the same few to eight helpers, each of which claims.',
  twin: 'The largest holder claims and leaves, and others claim in the same hour.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer, thief] = [accounts[0]!, accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const gold = await deploy(readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json'), {
      args: ['Gold', 'GOLD'],
    })
    const share = await deploy(readArtifact('FarmShare'), { args: [gold.address, dollar.address] })
    const stake = async (from: Hex, amount: string) => {
      await call(gold, 'mint', [from, parseEther(amount)])
      await call(gold, 'approve', [share.address, maxUint256], { from })
      await call(share, 'stake', [parseEther(amount)], { from })
    }
    for (const user of users) await stake(user, '1000')
    await stake(customer, '3000')
    await stake(thief, '400')
    await call(dollar, 'mint', [deployer, dollars('220000')])
    await call(dollar, 'approve', [share.address, maxUint256])
    await call(share, 'addReward', [dollars('200000')])
    return {
      protect: [share.address],
      victims: [share.address],
      async ordinary() {
        for (const from of users.slice(0, 3)) {
          await call(share, 'claim', [], { from })
          await mine(5)
          await stake(from, '10')
        }
        await call(share, 'addReward', [dollars('10000')])
      },
      async attack() {
        const robber = await deploy(readArtifact('FarmRobber'), { from: thief })
        await mine(50)
        await call(share, 'transfer', [robber.address, parseEther('400')], { from: thief })
        await call(robber, 'rob', [share.address, 8n], { from: thief })
      },
      async twin() {
        await call(share, 'claim', [], { from: customer })
        await call(share, 'unstake', [parseEther('3000')], { from: customer })
        for (const from of users.slice(3)) await call(share, 'claim', [], { from })
      },
    }
  },
}
