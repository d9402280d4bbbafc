import type { Scenario } from '../scenario.ts'
import { keptMarket } from './keptMarket.ts'

export const stolenKeeperKey: Scenario = {
  name: 'stolen-keeper-key',
  theme: 'oracle',
  attack: 'With the key of the keeper a thief tells a price of ninety dollars, borrows, and tells the true one again.',
  twin: 'The coin rises by a third within an hour, and users borrow more.',

  async build(stage) {
    const { market, users, thief, post, borrow, use } = await keptMarket(stage)
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        await post('90')
        await borrow(thief, '4000', '200000')
        await post('10.1')
      },
      async twin() {
        for (const price of ['11.1', '12.2', '13.4']) {
          await stage.skip(1_080)
          await post(price)
          await borrow(users[2]!, '2000', '9000')
        }
      },
    }
  },
}
