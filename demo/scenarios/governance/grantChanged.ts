import { encodeFunctionData, type Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeDao } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const grantChanged: Scenario = {
  name: 'grant-changed',
  theme: 'governance',
  attack:
    'People vote for a small grant that a contract pays; before it is executed, the thief who keeps that contract makes it nearly all of the treasury.',
  twin: 'The keeper corrects the recipient of the grant during the vote, and leaves the amount.',

  async build(stage) {
    const { governor, timelock, asset, voters, propose, vote, carryOut } = await acmeDao(stage)
    const [keeper, thief, builder] = [stage.accounts[19]!, stage.accounts[20]!, stage.accounts[21]!]
    const payer = await stage.deploy(readArtifact('GrantPayer'), { args: [asset.address, timelock.address, keeper] })
    const set = (recipient: Hex, amount: string) =>
      stage.call(payer, 'setGrant', [recipient, dollars(amount)], { from: keeper })
    const text = 'Pay the grant of the builders'
    const decide = async (change: () => Promise<unknown>) => {
      await propose([{ to: payer, functionName: 'payGrant', args: [] }], text, voters[0]!)
      await stage.mine(1)
      await change()
      await vote(text, voters)
      await carryOut(text)
    }
    return {
      protect: [payer.address, governor.address, timelock.address],
      victims: [payer.address, governor.address, timelock.address],
      async ordinary() {
        await set(builder, '20000')
        const allow = encodeFunctionData({
          abi: asset.abi,
          functionName: 'approve',
          args: [payer.address, dollars('2000000')],
        })
        await stage.client.impersonateAccount({ address: timelock.address })
        await stage.client.setBalance({ address: timelock.address, value: 10n ** 18n })
        await stage.pay(asset.address, 0n, { from: timelock.address, data: allow })
        await stage.client.stopImpersonatingAccount({ address: timelock.address })
        await stage.mine(10)
      },
      attack: () => decide(() => set(thief, '1900000')),
      twin: () => decide(() => set(stage.accounts[22]!, '20000')),
    }
  },
}
