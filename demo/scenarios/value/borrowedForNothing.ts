import { type Address, maxUint256, parseEther } from 'viem'
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
    /** Takes two steps, each with its amount, in one call. */
    const run = (from: Address, ...steps: [step: number, amount: bigint][]) =>
      call(lender, 'run', [steps.map(([step]) => step), steps.map(([, amount]) => amount)], { from })
    return {
      protect: [lender.address],
      victims: [lender.address],
      async ordinary() {
        for (const from of users) {
          await run(from, [pledge, parseEther('4000')], [borrow, dollars('21000')])
          await mine(3)
          await run(from, [repay, dollars('900')], [free, parseEther('120')])
        }
      },
      async attack() {
        await run(thief, [borrow, dollars('180000')], [nothing, 0n])
        await mine(12)
        await run(thief, [borrow, dollars('1600000')], [nothing, 0n])
      },
      async twin() {
        await run(customer, [pledge, parseEther('90000')], [borrow, dollars('620000')])
        await mine(5)
        await run(customer, [repay, dollars('310000')], [free, parseEther('45000')])
      },
    }
  },
}
