import { encodeFunctionData, type Hex, maxUint256, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

/** How long the timelock of the fund asks to wait. */
const noticeSeconds = 3_600n

export const silentKeeper: Scenario = {
  name: 'silent-keeper',
  theme: 'dependency',
  attack:
    'The keeper of a fund is held up for half a day while its investments fall; those who know leave at the old rate, part by part.',
  twin: 'The keeper is two hours late and then reports a lower rate; a user leaves meanwhile, and another keeper takes over, as the timelock had announced.',

  async build(stage) {
    const { deploy, call, skip, accounts } = stage
    const [deployer, team, keeper, second, ...rest] = accounts as [Hex, Hex, Hex, Hex, ...Hex[]]
    const [users, insider] = [rest.slice(0, 4), accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const timelock = await deploy(readArtifact('TimelockController'), {
      args: [noticeSeconds, [team], [zeroAddress], zeroAddress],
    })
    const fund = await deploy(readArtifact('ReportedFund'), { args: [timelock.address, keeper, dollar.address] })
    for (const account of [...users, insider]) {
      await call(dollar, 'mint', [account, dollars('400000')])
      await call(dollar, 'approve', [fund.address, maxUint256], { from: account })
      await call(fund, 'enter', [dollars('300000')], { from: account })
    }
    const report = (rate: bigint, from = keeper) => call(fund, 'report', [rate], { from })
    return {
      protect: [fund.address],
      victims: [fund.address],
      async ordinary() {
        for (let hour = 0n; hour < 11n; hour++) {
          await report(1_000_000n + 40n * hour)
          await skip(3_300 + Number(hour % 3n) * 240)
          const user = users[Number(hour) % users.length]!
          if (hour % 4n === 1n) await call(fund, 'enter', [dollars('1500')], { from: user })
          if (hour % 4n === 3n) await call(fund, 'leave', [dollars('900')], { from: user })
        }
        await report(1_000_500n)
      },
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
