import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const templateSwitched: Scenario = {
  name: 'template-switched',
  theme: 'access',
  attack:
    'With the stolen key of its boss a thief makes a factory copy another template, without an event: each new purse can be emptied by anybody, and the factory itself never holds a cent.',
  twin: 'People have purses made as ever, and one of them is emptied by its holder.',

  async build({ deploy, call, read, accounts, mine }) {
    const [deployer, boss, ...rest] = accounts as [Hex, Hex, ...Hex[]]
    const [users, thief] = [rest.slice(0, 8), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const template = await deploy(readArtifact('Purse'))
    const factory = await deploy(readArtifact('PurseFactory'), { args: [boss, template.address, dollar.address] })
    const create = async (from: Hex) => {
      await call(factory, 'create', [], { from })
      const address = await read<Hex>(factory, 'purseOf', [from])
      await call(dollar, 'mint', [address, dollars('1000')])
      await mine(2)
      return { address, abi: template.abi }
    }
    return {
      protect: [factory.address],
      victims: [factory.address],
      async ordinary() {
        for (const user of users.slice(0, 4)) await create(user)
      },
      async attack() {
        const open = await deploy(readArtifact('OpenPurse'), { from: thief })
        await call(factory, 'setTemplate', [open.address], { from: boss })
        await mine(3)
        for (const user of users.slice(4)) await call(await create(user), 'take', [dollars('1000')], { from: thief })
      },
      async twin() {
        for (const user of users.slice(4)) {
          const purse = await create(user)
          if (user === users[5]) await call(purse, 'take', [dollars('1000')], { from: user })
        }
      },
    }
  },
}
