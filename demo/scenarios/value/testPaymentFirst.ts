import type { Hex } from 'viem'
import { acmeSafe } from '../acmeSafe.ts'
import type { Scenario } from '../scenario.ts'

export const testPaymentFirst: Scenario = {
  name: 'test-payment-first',
  theme: 'value',
  attack:
    'Who holds two stolen keys of a Safe sends a hundred dollars to an address of his, and twenty minutes later sixty percent of all.',
  twin: 'The signers try the address of a new supplier with a hundred dollars, and then pay what they owe: a fifth of what is there.',

  async build(stage) {
    const { safe, execute, payment } = await acmeSafe(stage)
    const [thief, ana, ben, supplier] = stage.accounts.slice(18, 22) as [Hex, Hex, Hex, Hex]
    const pay = async (to: Hex, small: string, large: string) => {
      await execute(payment(to, small))
      await stage.skip(1_200)
      await execute(payment(to, large))
    }
    return {
      protect: [safe.address],
      victims: [safe.address],
      async ordinary() {
        for (const [to, amount] of [
          [ana, '12000'],
          [ben, '4000'],
        ] as const) {
          await execute(payment(to, amount))
          await stage.mine(20)
        }
      },
      attack: () => pay(thief, '100', '1500000'),
      twin: () => pay(supplier, '100', '490000'),
    }
  },
}
