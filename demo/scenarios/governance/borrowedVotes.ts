import { parseEther } from 'viem'
import { acmeDao } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const borrowedVotes: Scenario = {
  name: 'borrowed-votes',
  theme: 'governance',
  attack:
    'A thief borrows a fifth of all votes for the few blocks that count, and passes a proposal that pays the whole treasury to an account of theirs.',
  twin: 'A holder proposes to pay a twentieth of the treasury to the people who build, and the others vote for it.',

  async build(stage) {
    const { governor, timelock, votes, asset, voters, lender, propose, vote, carryOut, decide } = await acmeDao(stage)
    const [thief, builder] = stage.accounts.slice(18) as [`0x${string}`, `0x${string}`]
    const budget = 'Marketing budget of the next quarter'
    const grant = 'Grant to the builders: pay them 100,000 dollars from the treasury'
    return {
      protect: [governor.address, timelock.address],
      victims: [governor.address, timelock.address],
      async ordinary() {
        await stage.call(votes, 'transfer', [builder, parseEther('1000')], { from: voters[0]! })
        await stage.mine(5)
      },
      async attack() {
        await stage.call(votes, 'transfer', [thief, parseEther('2000000')], { from: lender })
        await stage.call(votes, 'delegate', [thief], { from: thief })
        await propose([{ to: asset, functionName: 'transfer', args: [builder, dollars('2000000')] }], budget, thief)
        await stage.call(votes, 'transfer', [lender, parseEther('2000000')], { from: thief })
        await vote(budget, [thief])
        await carryOut(budget)
      },
      async twin() {
        await decide([{ to: asset, functionName: 'transfer', args: [builder, dollars('100000')] }], grant)
      },
    }
  },
}
