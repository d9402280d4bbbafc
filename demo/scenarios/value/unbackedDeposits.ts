import type { Hex } from 'viem'
import { aaveMarket, units } from '../aaveMarket.ts'
import type { Scenario } from '../scenario.ts'

export const unbackedDeposits: Scenario = {
  name: 'deposits-made-of-nothing',
  theme: 'value',
  attack:
    'With the key of a bridge a thief makes deposits in a lending pool for which nothing came, and takes real ones out later.',
  twin: 'Large deposits come, most are borrowed, a month of interest passes, and large sums are paid back and taken out.',

  async build(stage) {
    const { call, accounts, mine, skip } = stage
    const bridge = accounts[4]!
    const thief = accounts[20]!
    const market = await aaveMarket(stage)
    const { pool, acl, configurator, dollar, coin } = market
    const [lender, borrower] = [market.lenders[4], market.borrowers[0]] as [Hex, Hex]
    const asset = dollar.token.address
    await call(acl, 'addBridge', [bridge])
    await call(configurator, 'setUnbackedMintCap', [asset, 50_000_000n])
    await call(configurator, 'setReserveFactor', [asset, 1_000n])
    const watched = [pool.address, dollar.aToken.address]
    return {
      protect: watched,
      victims: watched,
      ordinary: market.use,
      async attack() {
        await call(pool, 'mintUnbacked', [asset, units('1500000'), thief, 0], { from: bridge })
        await mine(25)
        await call(pool, 'withdraw', [asset, units('1400000'), thief], { from: thief })
      },
      async twin() {
        await call(pool, 'supply', [asset, units('1000000'), lender, 0], { from: lender })
        await call(pool, 'supply', [coin.token.address, units('1500'), borrower, 0], { from: borrower })
        await call(pool, 'borrow', [asset, units('1800000'), 2n, 0, borrower], { from: borrower })
        await skip(30 * 86_400)
        await call(pool, 'mintToTreasury', [[asset]])
        await call(pool, 'repay', [asset, units('1500000'), 2n, borrower], { from: borrower })
        await call(pool, 'withdraw', [asset, units('1200000'), lender], { from: lender })
      },
    }
  },
}
