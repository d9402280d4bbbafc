import { encodeFunctionData, type Hex, keccak256, stringToHex, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { role, timelockDelay } from '../acmeDao.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const cancellerRemoved: Scenario = {
  name: 'canceller-removed',
  theme: 'governance',
  attack:
    'Whoever stole the admin key of a timelock takes the role from the guard who could cancel, and only then schedules a payment that looks like many.',
  twin: 'The guard cancels a payment that the team had scheduled by mistake, and the right one is carried out.',

  async build({ deploy, call, read, accounts, mine, skip }) {
    const [admin, team, ana, guard] = accounts as [Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const timelock = await deploy(readArtifact('TimelockController'), {
      args: [timelockDelay, [team], [zeroAddress], admin],
    })
    await call(timelock, 'grantRole', [role('CANCELLER_ROLE'), guard])
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [admin] })
    await call(dollar, 'mint', [timelock.address, dollars('1000000')])
    const payment = (to: Hex, amount: string, salt: string) => {
      const data = encodeFunctionData({ abi: dollar.abi, functionName: 'transfer', args: [to, dollars(amount)] })
      return [dollar.address, 0n, data, zeroHash, keccak256(stringToHex(salt))] as const
    }
    const schedule = (what: ReturnType<typeof payment>) =>
      call(timelock, 'schedule', [...what, timelockDelay], { from: team })
    const carryOut = async (what: ReturnType<typeof payment>) => {
      await schedule(what)
      await skip(timelockDelay + 60)
      await call(timelock, 'execute', what)
    }
    return {
      protect: [timelock.address],
      victims: [timelock.address],
      ordinary: () => carryOut(payment(ana, '1000', 'first')),
      async attack() {
        await call(timelock, 'revokeRole', [role('CANCELLER_ROLE'), guard])
        await mine(3)
        await carryOut(payment(thief, '190000', 'second'))
      },
      async twin() {
        const wrong = payment(ana, '20000', 'third')
        await schedule(wrong)
        await mine(3)
        await call(timelock, 'cancel', [await read(timelock, 'hashOperation', wrong)], { from: guard })
        await carryOut(payment(ana, '2000', 'fourth'))
      },
    }
  },
}
