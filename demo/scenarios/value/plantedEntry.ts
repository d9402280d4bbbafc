import { encodeAbiParameters, keccak256, maxUint256, pad, toHex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const plantedEntry: Scenario = {
  name: 'planted-entry',
  theme: 'value',
  attack:
    'Long before anybody watches, one who then wrote the code of a bank has written down a hundred millions for himself; he takes them part by part, each borne by that entry.',
  twin: 'Who put in most takes nearly all of it, and the others go on.',

  async build({ client, deploy, call, accounts, mine }) {
    const deployer = accounts[0]!
    const [users, insider] = [accounts.slice(5, 11), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const bank = await deploy(readArtifact('EntryBank'), { args: [dollar.address] })
    // What earlier code, since replaced, left in the storage: its first variable is the list of entries.
    const index = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [insider, 0n]))
    await client.setStorageAt({ address: bank.address, index, value: pad(toHex(dollars('100000000')), { size: 32 }) })
    for (const from of users) {
      await call(dollar, 'mint', [from, dollars('500000')])
      await call(dollar, 'approve', [bank.address, maxUint256], { from })
      await call(bank, 'put', [dollars('300000')], { from })
    }
    const use = async () => {
      for (const [place, from] of users.entries()) {
        await call(bank, 'put', [dollars(`${500 + 30 * place}`)], { from })
        await mine(2)
        await call(bank, 'take', [dollars(`${200 + 20 * place}`)], { from })
        await mine(2)
      }
    }
    return {
      protect: [bank.address],
      victims: [bank.address],
      ordinary: use,
      async attack() {
        for (let part = 0; part < 4; part++) {
          await call(bank, 'take', [dollars('200000')], { from: insider })
          await mine(30)
        }
      },
      async twin() {
        await call(bank, 'take', [dollars('280000')], { from: users[3]! })
        await mine(5)
        await use()
      },
    }
  },
}
