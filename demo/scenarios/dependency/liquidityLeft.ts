import { dollars } from '../acmeVault.ts'
import { coins } from '../oracle/keptMarket.ts'
import { spotMarket } from '../oracle/spotMarket.ts'
import type { Scenario } from '../scenario.ts'

export const liquidityLeft: Scenario = {
  name: 'liquidity-left',
  theme: 'dependency',
  attack:
    'Whoever provided most of the pair that a market takes its price from takes it out; an hour later a thief lifts the price with a tenth of the money, block by block, and borrows.',
  twin: 'A provider takes out a fifth, a trader buys for a tenth of the pair, and the price stays where that put it.',

  async build(stage) {
    const market = await spotMarket(stage)
    const { pair, trader, thief, buy, borrow, use } = market
    const provider = stage.accounts[0]!
    const leave = async (percent: bigint) => {
      const all = await stage.read(pair, 'balanceOf', [provider])
      await stage.call(pair, 'transfer', [pair.address, (all * percent) / 100n], { from: provider })
      await stage.call(pair, 'burn', [provider], { from: provider })
    }
    return {
      protect: [market.market.address],
      victims: [market.market.address, pair.address],
      ordinary: use,
      async attack() {
        await leave(92n)
        await stage.skip(3_600)
        for (let part = 0; part < 4; part++) {
          await buy(thief, dollars('20000'))
          await stage.mine(4)
        }
        await stage.call(market.market, 'addCollateral', [coins('9000')], { from: thief })
        await stage.call(market.market, 'borrow', [dollars('100000')], { from: thief })
      },
      async twin() {
        await leave(20n)
        await stage.skip(3_600)
        await buy(trader, dollars('80000'))
        await stage.mine(20)
        await borrow(market.users[1]!, '100', '300')
      },
    }
  },
}
