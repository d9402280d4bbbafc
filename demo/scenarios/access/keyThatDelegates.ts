import { concat } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeVault } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const keyThatDelegates: Scenario = {
  name: 'key-that-delegates',
  theme: 'access',
  attack: 'The holder of the admin role is talked into letting a hostile contract act for its account (ERC-7702).',
  twin: 'A user of the vault lets a wallet contract act for their own account.',

  async build(stage) {
    const { vault, keys, users, use } = await acmeVault(stage)
    const { address } = await stage.deploy(readArtifact('HostileStrategy'), { from: stage.accounts[20]! })
    // What a transaction of type 4 leaves behind.
    const delegate = (account: `0x${string}`) =>
      stage.client.setCode({ address: account, bytecode: concat(['0xef0100', address]) })
    return {
      protect: [vault.address],
      victims: [vault.address, keys.admin],
      ordinary: use,
      async attack() {
        await delegate(keys.admin)
        await stage.mine(12)
      },
      async twin() {
        await delegate(users[3]!)
        await use()
      },
    }
  },
}
