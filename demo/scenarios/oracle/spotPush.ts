import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'
import { coins } from './keptMarket.ts'
import { spotMarket } from './spotMarket.ts'

export const spotPush: Scenario = {
  name: 'spot-push',
  theme: 'oracle',
  attack:
    'In one transaction a thief buys a Uniswap pair half empty, borrows at the price that this makes, and sells again.',
  twin: 'A trader buys so much that the price in the pair rises by a third, and later a user of the market borrows.',

  async build(stage) {
    const { market, pair, dollar, coin, users, trader, thief, buy, borrow, use } = await spotMarket(stage)
    return {
      protect: [market.address],
      victims: [market.address],
      ordinary: use,
      async attack() {
        const args = [market.address, pair.address, dollar.address, coin.address]
        const push = await stage.deploy(readArtifact('SpotPush'), { args, from: thief })
        await stage.call(dollar, 'transfer', [push.address, dollars('900000')], { from: thief })
        await stage.call(push, 'strike', [coins('8000'), dollars('190000'), true], { from: thief })
      },
      async twin() {
        await buy(trader, dollars('160000'))
        await stage.mine(4)
        await borrow(users[0]!, '3000', '20000')
      },
    }
  },
}
