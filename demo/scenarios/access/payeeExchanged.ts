import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const payeeExchanged: Scenario = {
  name: 'payee-exchanged',
  theme: 'access',
  attack:
    'With the key of the chief a thief takes the place of one of the three among whom money is split, without an event, and is paid a half of it from then on.',
  twin: 'The chief changes the shares of the three, and a large sum is split among them.',

  async build({ deploy, call, accounts, skip }) {
    const [deployer, chief, ana, ben, cleo] = accounts as [Hex, Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const splitter = await deploy(readArtifact('ShareSplitter'), {
      args: [dollar.address, chief, [ana, ben, cleo], [50n, 30n, 20n]],
    })
    await call(dollar, 'mint', [splitter.address, dollars('500000')])
    const pay = async (amount: string) => {
      await call(splitter, 'split', [dollars(amount)])
      await skip(86_400)
    }
    return {
      protect: [splitter.address],
      victims: [splitter.address],
      async ordinary() {
        for (const amount of ['21000', '18500', '24000', '20000']) await pay(amount)
      },
      async attack() {
        await call(splitter, 'setPayee', [0n, thief], { from: chief })
        await pay('22000')
        await pay('19000')
      },
      async twin() {
        await call(splitter, 'setShares', [[40n, 30n, 30n]], { from: chief })
        await pay('31000')
      },
    }
  },
}
