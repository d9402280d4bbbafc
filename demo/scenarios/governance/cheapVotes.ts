import { parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeDao } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const cheapVotes: Scenario = {
  name: 'cheap-votes',
  theme: 'governance',
  attack:
    'A large holder sells until the votes for a proposal cost less than half of the treasury; a thief buys as many out of the pool, and proposes to be paid all of it.',
  twin: 'Somebody sells some votes and the treasury earns half as much again, so that taking the vote would still cost more than it brings.',

  async build(stage) {
    const { governor, timelock, votes, asset, lender, decide } = await acmeDao(stage)
    const deployer = stage.accounts[0]!
    const [thief, helper] = [stage.accounts[19]!, stage.accounts[20]!]
    const pair = await stage.deploy(readArtifact('AcmePair'), { args: [votes.address, asset.address] })
    const allow = async (from: `0x${string}`) => {
      for (const token of [votes, asset]) await stage.call(token, 'approve', [pair.address, 2n ** 255n], { from })
    }
    // Ten dollars a vote: the quorum of 400,000 costs 6.7 million, and the treasury holds two.
    await stage.call(asset, 'mint', [deployer, dollars('10000000')])
    await stage.call(asset, 'mint', [thief, dollars('1200000')])
    for (const each of [deployer, lender, thief]) await allow(each)
    await stage.call(pair, 'addLiquidity', [parseEther('1000000'), dollars('10000000')])
    const sell = (amount: string) =>
      stage.call(pair, 'swap', [votes.address, parseEther(amount), 0n, lender], { from: lender })
    const budget = 'Marketing budget of the next quarter'
    const tenMinutes = 50
    return {
      protect: [governor.address, timelock.address, pair.address],
      victims: [governor.address, timelock.address],
      async ordinary() {
        await sell('1000')
        await stage.mine(tenMinutes)
      },
      async attack() {
        await sell('1500000')
        await stage.mine(tenMinutes)
        await stage.call(pair, 'swap', [asset.address, dollars('1100000'), 0n, thief], { from: thief })
        await stage.call(votes, 'delegate', [thief], { from: thief })
        await stage.mine(2)
        await decide([{ to: asset, functionName: 'transfer', args: [helper, dollars('2000000')] }], budget, [thief])
      },
      async twin() {
        await sell('100000')
        await stage.call(asset, 'mint', [timelock.address, dollars('1000000')])
        await stage.mine(tenMinutes)
      },
    }
  },
}
