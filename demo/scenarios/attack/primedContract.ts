import type { Hex } from 'viem'
import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const primedContract: Scenario = {
  name: 'primed-contract',
  theme: 'attack',
  attack: 'A thief deploys a contract that will empty a safe box through a hole in it, and calls it ten minutes later.',
  twin: 'A customer deploys a contract that keeps money in the box, and takes it out again.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer, thief] = [accounts[0]!, accounts[11]!, accounts[20]!]
    const users = accounts.slice(2, 8) as Hex[]
    const asset = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const box = await deploy(readArtifact('OpenSafeBox'), { args: [asset.address] })
    for (const user of [...users, customer]) {
      await call(asset, 'mint', [user, dollars('200000')])
      await call(asset, 'approve', [box.address, maxUint256], { from: user })
    }
    for (const user of users) await call(box, 'keep', [dollars('150000')], { from: user })
    return {
      protect: [box.address],
      victims: [box.address],
      async ordinary() {
        for (const user of users) {
          await call(box, 'keep', [dollars('2000')], { from: user })
          await mine(3)
          await call(box, 'take', [user, dollars('1000')], { from: user })
        }
      },
      async attack() {
        const opener = await deploy(readArtifact('BoxOpener'), { args: [box.address, users], from: thief })
        await mine(50)
        await call(opener, 'open', [], { from: thief })
      },
      async twin() {
        const reader = await deploy(readArtifact('BoxReader'), { args: [box.address], from: customer })
        await mine(10)
        await call(asset, 'transfer', [reader.address, dollars('150000')], { from: customer })
        await call(reader, 'keepAll', [], { from: customer })
        await mine(40)
        await call(reader, 'takeAll', [], { from: customer })
      },
    }
  },
}
