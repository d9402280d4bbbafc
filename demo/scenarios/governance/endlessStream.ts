import { type Hex, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { acmeDao } from '../acmeDao.ts'
import type { Scenario } from '../scenario.ts'

const day = 86_400
/** So many dollars a day, as what flows per second. */
const daily = (dollars: string) => parseEther(dollars) / BigInt(day)

export const endlessStream: Scenario = {
  name: 'endless-stream',
  theme: 'governance',
  attack:
    'With the stolen key of the clerk who pays salaries a thief opens a stream that carries all of the treasury away within four days; no token moves when it begins.',
  twin: 'The holders decide by a proposal on a large salary of a team, which flows from then on, and the clerk opens a small one.',

  async build(stage) {
    const { governor, timelock, decide } = await acmeDao(stage)
    const [clerk, ana, ben, team, thief] = stage.accounts.slice(16) as [Hex, Hex, Hex, Hex, Hex]
    const dollar = await stage.deploy(readArtifact('FlowDollar'), { args: [stage.accounts[0]] })
    const treasury = await stage.deploy(readArtifact('PayrollTreasury'), {
      args: [timelock.address, dollar.address, clerk],
    })
    await stage.call(dollar, 'mint', [treasury.address, parseEther('2000000')])
    const pay = (to: Hex, rate: bigint) => stage.call(treasury, 'setSalary', [to, rate], { from: clerk })
    return {
      protect: [treasury.address, governor.address, timelock.address],
      victims: [treasury.address],
      async ordinary() {
        await pay(ana, daily('200'))
        await stage.mine(5)
      },
      async attack() {
        await pay(thief, daily('500000'))
        for (let days = 0; days < 3; days++) {
          await stage.skip(day)
          const flowed = await stage.read(dollar, 'balanceOf', [thief])
          await stage.call(dollar, 'transfer', [stage.accounts[22], flowed], { from: thief })
        }
      },
      async twin() {
        const text = 'Pay the team of the bridge 20,000 dollars a day'
        await decide([{ to: treasury, functionName: 'setSalary', args: [team, daily('20000')] }], text)
        await pay(ben, daily('150'))
        await stage.skip(day)
      },
    }
  },
}
