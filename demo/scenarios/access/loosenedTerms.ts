import { maxUint256 } from 'viem'
import { aaveMarket, units } from '../aaveMarket.ts'
import type { Scenario } from '../scenario.ts'

export const loosenedTerms: Scenario = {
  name: 'loosened-terms',
  theme: 'access',
  attack:
    'A thief with the key of the risk administrator of an Aave market lets nearly all that a pledge is worth be borrowed against it, and borrows so much that the next move of the price leaves a debt.',
  twin: 'The risk administrator lets three percent more be borrowed against the same pledge, and borrowers use that.',

  async build(stage) {
    const { call, mine, accounts } = stage
    const { pool, acl, configurator, dollar, coin, borrowers, use } = await aaveMarket(stage)
    const [risk, thief] = [accounts[3]!, accounts[20]!]
    await call(acl, 'addRiskAdmin', [risk])
    const terms = (loan: bigint, sale: bigint, bonus: bigint) =>
      call(configurator, 'configureReserveAsCollateral', [coin.token.address, loan, sale, bonus], { from: risk })
    return {
      protect: [pool.address],
      victims: [pool.address, configurator.address],
      ordinary: use,
      async attack() {
        await call(coin.token, 'mint', [thief, units('900')])
        await call(coin.token, 'approve', [pool.address, maxUint256], { from: thief })
        await call(pool, 'supply', [coin.token.address, units('900'), thief, 0], { from: thief })
        await mine(2)
        await terms(9_700n, 9_800n, 10_100n)
        await mine(2)
        await call(pool, 'borrow', [dollar.token.address, units('1740000'), 2n, 0, thief], { from: thief })
      },
      async twin() {
        await terms(8_300n, 8_550n, 10_500n)
        await mine(2)
        await call(pool, 'borrow', [dollar.token.address, units('80000'), 2n, 0, borrowers[0]!], {
          from: borrowers[0]!,
        })
        await use()
      },
    }
  },
}
