import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const ticketTwice: Scenario = {
  name: 'ticket-closed-again',
  theme: 'value',
  attack:
    'A bank pays a ticket each time that it is closed: a thief opens one and closes it many times, a little each day.',
  twin: 'Somebody who opened several tickets before the watch began closes all of them at once, by a contract of his.',

  async build({ deploy, call, accounts, mine, skip }) {
    const [deployer, ana, ben] = accounts
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const bank = await deploy(readArtifact('TicketBank'), { args: [dollar.address] })
    const clerkOf = async (owner: `0x${string}`, amounts: readonly string[]) => {
      const clerk = await deploy(readArtifact('TicketClerk'), { args: [bank.address], from: owner })
      for (const amount of amounts) await call(dollar, 'mint', [clerk.address, dollars(amount)])
      await call(clerk, 'open', [amounts.map(dollars)], { from: owner })
      return clerk
    }
    await clerkOf(ana!, ['400000', '300000', '260000'])
    const honest = await clerkOf(ben!, ['20000', '15000', '9000'])
    await call(dollar, 'mint', [ana, dollars('90000')])
    await call(dollar, 'approve', [bank.address, dollars('90000')], { from: ana! })
    return {
      protect: [bank.address],
      victims: [bank.address],
      async ordinary() {
        for (const amount of ['700', '1900', '250']) {
          await call(bank, 'open', [dollars(amount)], { from: ana! })
          await mine(4)
        }
        await call(bank, 'close', [7n], { from: ana! })
      },
      async attack() {
        const clerk = await clerkOf(thief, ['5000'])
        for (const _ of [1, 2, 3]) {
          await call(clerk, 'close', [Array.from({ length: 6 }, () => 9n)], { from: thief })
          await skip(7_200)
        }
      },
      async twin() {
        await call(honest, 'close', [[3n, 4n, 5n]], { from: ben! })
      },
    }
  },
}
