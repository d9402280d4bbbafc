import { encodeFunctionData, maxUint64, toFunctionSelector } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

const pay = toFunctionSelector('pay(address,address,uint256)')
const [chief, paymaster, treasurer] = [0n, 7n, 8n]
const delay = 2 * 86_400

export const openedToAll: Scenario = {
  name: 'opened-to-all',
  theme: 'access',
  attack: 'Whoever stole the admin key of the access manager opens the payments of the treasury to everybody.',
  twin: 'The council lets its treasurers pay, two days after it had scheduled that; they make the payments of the month, and a stranger tries one and fails.',

  async build({ deploy, call, attempt, accounts, mine, skip }) {
    const [deployer, admin, clerk, ana, council] = accounts
    const thief = accounts[20]!
    const manager = await deploy(readArtifact('AccessManager'), { args: [admin] })
    const treasury = await deploy(readArtifact('ManagedTreasury'), { args: [manager.address] })
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    await call(dollar, 'mint', [treasury.address, dollars('3000000')])
    await call(manager, 'grantRole', [paymaster, clerk, 0], { from: admin! })
    await call(manager, 'grantRole', [chief, council, delay], { from: admin! })
    await call(manager, 'grantRole', [treasurer, clerk, 0], { from: admin! })
    const assign = (role: bigint) =>
      call(manager, 'setTargetFunctionRole', [treasury.address, [pay], role], { from: admin! })
    await assign(paymaster)
    const spend = async () => {
      for (const amount of ['4200', '3900', '12000']) {
        await call(treasury, 'pay', [dollar.address, ana, dollars(amount)], { from: clerk! })
        await mine(4)
      }
    }
    return {
      protect: [treasury.address],
      victims: [treasury.address, manager.address],
      ordinary: spend,
      async attack() {
        await assign(maxUint64)
        await mine(3)
        await call(treasury, 'pay', [dollar.address, thief, dollars('2500000')], { from: thief })
      },
      async twin() {
        const args = [treasury.address, [pay], treasurer]
        const data = encodeFunctionData({ abi: manager.abi, functionName: 'setTargetFunctionRole', args })
        await call(manager, 'schedule', [manager.address, data, 0], { from: council! })
        await skip(delay)
        await call(manager, 'execute', [manager.address, data], { from: council! })
        await attempt(treasury, 'pay', [dollar.address, thief, dollars('10000')], { from: thief })
        await spend()
      },
    }
  },
}
