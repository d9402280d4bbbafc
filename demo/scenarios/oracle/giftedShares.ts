import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const giftedShares: Scenario = {
  name: 'gifted-shares',
  theme: 'oracle',
  attack:
    'A contract pledges shares of a vault, gives the vault a quarter of what it holds, and borrows what its shares are then said to be worth.',
  twin: 'A customer borrows as much against more shares by a contract of his, and the vault gets a yield beside it.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, ana, ben] = accounts as [Hex, Hex, Hex]
    const [customer, thief] = [accounts[12]!, accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const vault = await deploy(readArtifact('PlainVault'), { args: [dollar.address] })
    const lender = await deploy(readArtifact('ShareLender'), { args: [vault.address, dollar.address] })
    for (const from of [ana, ben, customer, thief]) {
      await call(dollar, 'mint', [from, dollars('4000000')])
      await call(dollar, 'approve', [vault.address, maxUint256], { from })
      await call(vault, 'approve', [lender.address, maxUint256], { from })
    }
    await call(dollar, 'mint', [lender.address, dollars('9000000')])
    await call(vault, 'deposit', [dollars('600000'), ana], { from: ana })
    await call(vault, 'deposit', [dollars('400000'), ben], { from: ben })
    const run = async (from: Hex, amounts: { stake: string; gift: string; loan: string }) => {
      const giver = await deploy(readArtifact('ShareGiver'), { from })
      await call(dollar, 'approve', [giver.address, maxUint256], { from })
      await mine(4)
      const { stake, gift, loan } = amounts
      await call(giver, 'run', [lender.address, dollars(stake), dollars(gift), dollars(loan)], { from })
    }
    return {
      protect: [lender.address],
      victims: [lender.address],
      async ordinary() {
        for (const from of [ana, ben]) {
          await call(lender, 'pledge', [dollars('1000')], { from })
          await call(lender, 'borrow', [dollars('800')], { from })
          await mine(6)
        }
        await call(dollar, 'transfer', [vault.address, dollars('300')], { from: ben })
      },
      attack: () => run(thief, { stake: '1000000', gift: '500000', loan: '1100000' }),
      async twin() {
        await run(customer, { stake: '1250000', gift: '0', loan: '1100000' })
        await call(dollar, 'transfer', [vault.address, dollars('90000')], { from: ben })
      },
    }
  },
}
