import { encodeFunctionData, type Hex, maxUint256, parseUnits } from 'viem'
import { acmeSafe } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

export const allowanceSigned: Scenario = {
  name: 'allowance-signed',
  theme: 'safe',
  attack:
    'The signers are shown a claim of rewards and sign that a stranger may take the dollars of the Safe, who does so later.',
  twin: 'The signers let a supplier take one bill, and pay another themselves.',

  async build(stage) {
    const acme = await acmeSafe(stage)
    const { call, accounts, mine } = stage
    const { safe, asset, execute, payment } = acme
    const [supplier, thief] = [accounts[9]!, accounts[20]!]
    const allowance = (spender: Hex, amount: bigint) => ({
      to: asset.address,
      data: encodeFunctionData({ abi: asset.abi, functionName: 'approve', args: [spender, amount] }),
    })
    const take = (from: Hex, amount: string) =>
      call(asset, 'transferFrom', [safe.address, from, parseUnits(amount, 6)], { from })
    return {
      protect: [safe.address],
      victims: [safe.address],
      async ordinary() {
        for (const amount of ['900', '1200']) {
          await execute(payment(supplier, amount))
          await mine(3)
        }
      },
      async attack() {
        await execute(allowance(thief, maxUint256))
        await mine(20)
        for (let times = 0; times < 4; times++) {
          await take(thief, '90000')
          await mine(60)
        }
      },
      async twin() {
        await execute(allowance(supplier, parseUnits('20000', 6)))
        await take(supplier, '20000')
        await execute(payment(supplier, '60000'))
      },
    }
  },
}
