import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'
import { coins } from './keptMarket.ts'
import { spotMarket } from './spotMarket.ts'

export const patientPush: Scenario = {
  name: 'patient-push',
  theme: 'oracle',
  attack:
    'With money of their own a thief buys a coin in one block, borrows against it in the next, and sells what they bought in the one after.',
  twin: 'A trader buys, a user borrows meanwhile, and others sell until the price is back.',

  async build(stage) {
    const { market, users, trader, thief, buy, sell, borrow, use } = await spotMarket(stage)
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        await buy(thief, dollars('180000'))
        await borrow(thief, '10000', '90000')
        await sell(thief, coins('15000'))
        await stage.mine(2)
      },
      async twin() {
        await buy(trader, dollars('180000'))
        await borrow(users[1]!, '3000', '20000')
        for (const user of [users[2]!, users[3]!]) await sell(user, coins('7500'))
      },
    }
  },
}
