import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'
import { keptMarket } from './keptMarket.ts'

export const feedAtFloor: Scenario = {
  name: 'feed-at-floor',
  theme: 'oracle',
  attack: 'A coin collapses below the least answer of its feed; thieves buy it for nothing and borrow at that answer.',
  twin: 'A coin loses a quarter in steps; a user repays, another borrows less.',

  async build(stage) {
    const { market, users, thief, post, borrow, use } = await keptMarket(stage, { floor: '5' })
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        for (const price of ['8.8', '7.7', '6.8', '5.9', '3.1', '0.4']) {
          await stage.skip(240)
          await post(price)
        }
        await borrow(thief, '20000', '60000')
        await stage.mine(5)
        await borrow(thief, '20000', '60000')
      },
      async twin() {
        for (const price of ['9.5', '9.0', '8.4', '7.9']) {
          await stage.skip(240)
          await post(price)
        }
        await stage.call(market, 'repay', [dollars('3000')], { from: users[1]! })
        await borrow(users[3]!, '3000', '9000')
      },
    }
  },
}
