import { encodeFunctionData, zeroHash } from 'viem'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'
import { noticeSeconds, reportedFund } from './reportedFund.ts'

export const silentKeeper: Scenario = {
  name: 'silent-keeper',
  theme: 'dependency',
  attack:
    'The keeper of a fund is held up for half a day while its investments fall; those who know leave at the old rate, part by part.',
  twin: 'The keeper is two hours late and then reports a lower rate; a user leaves meanwhile, and another keeper takes over, as the timelock had announced.',

  async build(stage) {
    const { call, skip } = stage
    const { fund, timelock, team, users, insider, second, report, use } = await reportedFund(stage)
    return {
      protect: [fund.address],
      victims: [fund.address],
      ordinary: use,
      async attack() {
        await skip(11 * 3_600)
        for (let part = 0; part < 4; part++) {
          await call(fund, 'leave', [dollars('20000')], { from: insider })
          await skip(900)
        }
      },
      async twin() {
        const data = encodeFunctionData({ abi: fund.abi, functionName: 'setKeeper', args: [second] })
        const operation = [fund.address, 0n, data, zeroHash, zeroHash] as const
        await call(timelock, 'schedule', [...operation, noticeSeconds], { from: team })
        await skip(2 * 3_600)
        await call(fund, 'leave', [dollars('20000')], { from: users[1]! })
        await report(994_000n)
        await skip(3_600)
        await call(timelock, 'execute', operation, { from: team })
        await report(994_100n, second)
      },
    }
  },
}
