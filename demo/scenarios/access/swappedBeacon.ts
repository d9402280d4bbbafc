import { encodeFunctionData } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const built = (name: string) => readPackaged('openzeppelin-v4', `build/contracts/${name}.json`)

export const swappedBeacon: Scenario = {
  name: 'swapped-beacon',
  theme: 'access',
  attack: 'The owner of the beacon, whose key is stolen, makes it name other code: the proxy itself says nothing.',
  twin: 'The owner of the beacon hands some dollars on, and the beacon of somebody else is upgraded.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, owner, ana] = accounts
    const logic = readArtifact('FreezableDollar')
    const create = async () => {
      const implementation = await deploy(logic)
      const beacon = await deploy(built('UpgradeableBeacon'), { args: [implementation.address], from: owner! })
      const initialize = encodeFunctionData({ abi: logic.abi, functionName: 'initialize', args: [deployer] })
      const proxy = await deploy(built('BeaconProxy'), { args: [beacon.address, initialize] })
      const token = { address: proxy.address, abi: logic.abi }
      await call(token, 'mint', [ana, 10n ** 12n])
      return { token, beacon }
    }
    const ours = await create()
    const theirs = await create()
    const use = async () => {
      for (const amount of [120n, 75n, 3100n]) {
        await call(ours.token, 'transfer', [owner, amount * 10n ** 6n], { from: ana! })
        await mine(3)
      }
    }
    const upgrade = async ({ beacon }: typeof ours) => {
      const next = await deploy(logic)
      await call(beacon, 'upgradeTo', [next.address], { from: owner! })
    }
    return {
      protect: [ours.token.address],
      victims: [ours.token.address, ours.beacon.address],
      ordinary: use,
      async attack() {
        await upgrade(ours)
        await mine(5)
        await call(ours.token, 'mint', [accounts[20], 10n ** 13n])
      },
      async twin() {
        await upgrade(theirs)
        await use()
      },
    }
  },
}
