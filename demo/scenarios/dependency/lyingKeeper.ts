import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'
import { reportedFund } from './reportedFund.ts'

export const lyingKeeper: Scenario = {
  name: 'lying-keeper',
  theme: 'dependency',
  attack:
    'With the key of the keeper a thief reports that shares are worth three times as much, at the usual hour, and leaves part by part.',
  twin: 'An investment fails: the keeper reports an eighth less, and some users leave.',

  async build(stage) {
    const { call, skip, mine } = stage
    const { fund, users, insider, report, use } = await reportedFund(stage)
    return {
      protect: [fund.address],
      victims: [fund.address],
      ordinary: use,
      async attack() {
        await skip(3_500)
        await report(3_000_000n)
        for (let part = 0; part < 5; part++) {
          await call(fund, 'leave', [dollars('25000')], { from: insider })
          await mine(5)
        }
      },
      async twin() {
        await skip(3_500)
        await report(875_000n)
        for (const user of users) {
          await call(fund, 'leave', [dollars('15000')], { from: user })
          await mine(5)
        }
      },
    }
  },
}
