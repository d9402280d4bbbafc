import type { Hex } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { aaveMarket, approve } from '../aaveMarket.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const unbackedDeposits: Scenario = {
  name: 'deposits-made-of-nothing',
  theme: 'value',
  attack:
    'With the key of a bridge a thief makes deposits in a lending pool for which nothing came, and takes real ones out later.',
  twin: 'Large deposits come, most of them are borrowed, a month of interest passes, and large sums are paid back and taken out.',

  async build(stage) {
    const { deploy, call, accounts, mine, skip } = stage
    const [deployer, ana, ben, eve, bridge] = accounts as [Hex, Hex, Hex, Hex, Hex]
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const euro = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const market = await aaveMarket(stage, [dollar, euro])
    const { pool, acl, configurator, listed } = market
    await call(acl, 'addBridge', [bridge])
    await call(configurator, 'setUnbackedMintCap', [dollar.address, 50_000_000n])
    const supply = (asset: Hex, amount: string, user: Hex) =>
      call(pool, 'supply', [asset, dollars(amount), user, 0], { from: user })
    const borrow = (amount: string, user: Hex) =>
      call(pool, 'borrow', [dollar.address, dollars(amount), 2n, 0, user], { from: user })
    for (const user of [ana, ben, eve]) {
      for (const asset of [dollar, euro]) {
        await call(asset, 'mint', [user, dollars('9000000')])
        await approve(stage, market, asset, user)
      }
      await supply(dollar.address, '1000000', user)
    }
    await supply(euro.address, '5000000', eve)
    return {
      protect: [pool.address, listed[0]!.deposits.address],
      victims: [pool.address, listed[0]!.deposits.address],
      async ordinary() {
        await borrow('400000', eve)
        for (const amount of ['12000', '700', '5100', '900']) {
          await supply(dollar.address, amount, ana)
          await mine(5)
          await call(pool, 'withdraw', [dollar.address, dollars('3000'), ben], { from: ben })
        }
      },
      async attack() {
        await call(pool, 'mintUnbacked', [dollar.address, dollars('2000000'), thief, 0], { from: bridge })
        await mine(25)
        await call(pool, 'withdraw', [dollar.address, dollars('1900000'), thief], { from: thief })
      },
      async twin() {
        await supply(dollar.address, '4000000', ben)
        await borrow('3000000', eve)
        await skip(30 * 86_400)
        await call(pool, 'mintToTreasury', [[dollar.address]])
        await call(pool, 'repay', [dollar.address, dollars('2500000'), 2n, eve], { from: eve })
        await call(pool, 'withdraw', [dollar.address, dollars('4500000'), ben], { from: ben })
      },
    }
  },
}
