import type { Scenario } from '../scenario.ts'
import { keptMarket } from './keptMarket.ts'

export const staleFeed: Scenario = {
  name: 'stale-feed',
  theme: 'oracle',
  attack:
    'The keeper of the feed is down for hours while the coin falls; thieves buy it and borrow at the old price, bit by bit.',
  twin: 'The keeper is some minutes late, and a user borrows meanwhile.',

  async build(stage) {
    const { market, users, thief, post, borrow, use } = await keptMarket(stage)
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        await stage.skip(9_000)
        for (let part = 0; part < 6; part++) {
          await borrow(thief, '5000', '30000')
          await stage.skip(120)
        }
      },
      async twin() {
        await stage.skip(3_780)
        await borrow(users[3]!, '5000', '30000')
        await post('10.1')
      },
    }
  },
}
