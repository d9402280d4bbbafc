import { encodeFunctionData, type Hex, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { acmeSafe, batchOf } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

const weekMinutes = 7 * 1440

export const delegateOfModule: Scenario = {
  name: 'delegate-of-module',
  theme: 'safe',
  attack:
    'The signers are shown a renewed allowance and sign another delegate of the module that pays small bills, who may spend without end, and spends day by day.',
  twin: 'The signers let a second supplier spend a little every week, and pay a large bill themselves.',

  async build(stage) {
    const acme = await acmeSafe(stage)
    const { call, deploy, accounts, mine } = stage
    const { safe, asset, execute, payment } = acme
    const [supplier, second, thief] = [accounts[9]!, accounts[10]!, accounts[20]!]
    const module = await deploy(readArtifact('AllowanceKeeper'))
    const deed = (to: Bound, functionName: string, args: readonly unknown[]) => ({
      to: to.address,
      data: encodeFunctionData({ abi: to.abi, functionName, args }),
    })
    const allow = (delegate: Hex, amount: bigint, minutes: number) =>
      execute(
        batchOf(acme, [
          deed(module, 'addDelegate', [delegate]),
          deed(module, 'setAllowance', [delegate, asset.address, amount, minutes]),
        ]),
      )
    const spend = (from: Hex, amount: string) =>
      call(module, 'executeAllowanceTransfer', [safe.address, asset.address, from, parseUnits(amount, 6)], { from })
    await execute(deed(safe, 'enableModule', [module.address]))
    await allow(supplier, parseUnits('5000', 6), weekMinutes)
    return {
      protect: [safe.address],
      victims: [safe.address],
      async ordinary() {
        for (const amount of ['900', '1200']) {
          await execute(payment(supplier, amount))
          await mine(3)
          await spend(supplier, amount)
          await mine(3)
        }
      },
      async attack() {
        await allow(thief, 2n ** 96n - 1n, 0)
        for (let times = 0; times < 4; times++) {
          await mine(60)
          await spend(thief, '90000')
        }
      },
      async twin() {
        await allow(second, parseUnits('8000', 6), weekMinutes)
        await mine(5)
        await spend(second, '8000')
        await spend(supplier, '1000')
        await execute(payment(supplier, '60000'))
      },
    }
  },
}
