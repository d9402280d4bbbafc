import { encodeAbiParameters, type Hex, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { timelockDelay } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const goldenFund: Scenario = {
  name: 'golden-fund',
  theme: 'governance',
  attack:
    'While few look, a large holder in a DAO of Compound’s kind passes a proposal that invests most of its treasury in a fund of his own.',
  twin: 'The other holders vote for a grant to builders, which the same governor pays after the delay.',

  async build({ deploy, call, read, skip, mine, accounts }) {
    const deployer = accounts[0]!
    const [builder, auditor] = accounts.slice(5) as [Hex, Hex]
    const [holders, whale] = [accounts.slice(11, 15), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const votes = await deploy(readArtifact('PriorVotes'), { args: [deployer, parseEther('10000000')] })
    const timelock = await deploy(readArtifact('EtaTimelock'), { args: [deployer] })
    const governor = await deploy(readArtifact('NumberedGovernor'), { args: [votes.address, timelock.address] })
    await call(timelock, 'setPendingAdmin', [governor.address])
    await call(governor, 'acceptTimelock')
    await call(dollar, 'mint', [timelock.address, dollars('2000000')])
    for (const account of [...holders, whale]) {
      await call(votes, 'transfer', [account, parseEther('500000')])
      await call(votes, 'delegate', [account], { from: account })
    }
    /** All of it by the same voters, of whom the first proposes. */
    const pay = async (to: Hex, amount: string, text: string, by: readonly Hex[]) => {
      const [from] = by as [Hex]
      const args = encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [to, dollars(amount)])
      await call(governor, 'propose', [[dollar.address], [0n], ['transfer(address,uint256)'], [args], text], { from })
      const id = await read(governor, 'proposalCount')
      await mine(3)
      for (const voter of by) await call(governor, 'castVote', [id, 1], { from: voter })
      await mine(25)
      await call(governor, 'queue', [id], { from })
      await skip(timelockDelay + 60)
      await call(governor, 'execute', [id], { from })
    }
    return {
      protect: [governor.address, timelock.address],
      victims: [governor.address, timelock.address],
      ordinary: () => pay(builder, '20000', 'A grant to the builders', holders),
      async attack() {
        const fund = await deploy(readArtifact('OperatorPool'), { args: [whale, dollar.address], from: whale })
        await pay(fund.address, '1200000', 'Treasury investment in the golden fund', [whale])
      },
      twin: () => pay(auditor, '60000', 'A grant to the auditors', holders),
    }
  },
}
