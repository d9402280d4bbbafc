import { encodeFunctionData, type Hex, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { timelockDelay } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const swappedRegistry: Scenario = {
  name: 'swapped-registry',
  theme: 'dependency',
  attack:
    'With the key of the operator a thief names another registry, without an event, which says that the desk owes them; they take it part by part.',
  twin: 'The timelock names a new registry, as it had scheduled two days before, and people are paid as ever.',

  async build(stage) {
    const { deploy, call, mine, accounts } = stage
    const [deployer, clerk, operator, team, ...rest] = accounts as [Hex, Hex, Hex, Hex, ...Hex[]]
    const [users, thief] = [rest.slice(0, 6), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const registryOf = (owner: Hex) => deploy(readArtifact('OwedRegistry'), { args: [owner], from: owner })
    const registry = await registryOf(clerk)
    const timelock = await deploy(readArtifact('TimelockController'), {
      args: [timelockDelay, [team], [zeroAddress], zeroAddress],
    })
    const desk = await deploy(readArtifact('PayDesk'), {
      args: [dollar.address, registry.address, timelock.address, operator],
    })
    await call(dollar, 'mint', [desk.address, dollars('2000000')])
    const pay = async (from = registry) => {
      for (const [index, user] of users.entries()) {
        await call(from, 'credit', [user, dollars(`${700 + 90 * index}`)], { from: clerk })
        await mine(3)
        await call(desk, 'claim', [], { from: user })
        await mine(2)
      }
    }
    return {
      protect: [desk.address],
      victims: [desk.address, registry.address],
      ordinary: () => pay(),
      async attack() {
        const hostile = await registryOf(thief)
        await call(desk, 'setRegistry', [hostile.address], { from: operator })
        await mine(5)
        for (let part = 0; part < 5; part++) {
          await call(hostile, 'credit', [thief, dollars('90000')], { from: thief })
          await call(desk, 'claim', [], { from: thief })
        }
      },
      async twin() {
        const next = await registryOf(clerk)
        const data = encodeFunctionData({ abi: desk.abi, functionName: 'setRegistry', args: [next.address] })
        const operation = [desk.address, 0n, data, zeroHash, zeroHash] as const
        await call(timelock, 'schedule', [...operation, timelockDelay], { from: team })
        await stage.skip(timelockDelay + 60)
        await call(timelock, 'execute', operation, { from: team })
        await pay(next)
      },
    }
  },
}
