import { type Hex, maxUint256, zeroAddress } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import type { Stage } from '../stage.ts'

/** How long the timelock that owns the fund asks to wait. */
export const noticeSeconds = 3_600n

export type ReportedFund = {
  fund: Bound
  timelock: Bound
  team: Hex
  users: readonly Hex[]
  insider: Hex
  /** Another key that may become keeper. */
  second: Hex
  report(rate: bigint, from?: Hex): Promise<Hex>
  /** Half a day in which the keeper reports every hour and users come and go. */
  use(): Promise<void>
}

/** A fund of one and a half million dollars whose keeper tells what its shares are worth. */
export async function reportedFund({ deploy, call, skip, accounts }: Stage): Promise<ReportedFund> {
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
    ...{ fund, timelock, team, users, insider, second, report },
    async use() {
      for (let hour = 0n; hour < 11n; hour++) {
        await report(1_000_000n + 40n * hour)
        await skip(3_300 + Number(hour % 3n) * 240)
        const user = users[Number(hour) % users.length]!
        if (hour % 4n === 1n) await call(fund, 'enter', [dollars('1500')], { from: user })
        if (hour % 4n === 3n) await call(fund, 'leave', [dollars('900')], { from: user })
      }
      await report(1_000_500n)
    },
  }
}
