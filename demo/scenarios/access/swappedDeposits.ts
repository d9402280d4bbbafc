import { zeroAddress } from 'viem'
import { aaveMarket } from '../aaveMarket.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const hostile = 'artifacts/contracts/mocks/upgradeability/MockAToken.sol/MockAToken.json'

export const swappedDeposits: Scenario = {
  name: 'swapped-deposits',
  theme: 'access',
  attack:
    'With the key that hands out the roles of an Aave market a thief makes himself its administrator, and puts code of his behind the token that holds the deposits; only the pool is watched.',
  twin: 'The administrator freezes a reserve, opens it again and raises its caps, and people lend and borrow.',

  async build(stage) {
    const { deploy, call, mine, accounts } = stage
    const { pool, acl, configurator, dollar, coin, use } = await aaveMarket(stage)
    const thief = accounts[20]!
    return {
      protect: [pool.address],
      victims: [pool.address, acl.address, dollar.aToken.address],
      ordinary: use,
      async attack() {
        await call(acl, 'addPoolAdmin', [thief])
        await mine(4)
        const code = await deploy(readPackaged('@aave/core-v3', hostile), { args: [pool.address], from: thief })
        const next = { asset: dollar.token.address, treasury: thief, incentivesController: zeroAddress }
        const named = { name: 'Acme USD', symbol: 'aUSD', implementation: code.address, params: '0x' }
        await call(configurator, 'updateAToken', [{ ...next, ...named }], { from: thief })
      },
      async twin() {
        for (const frozen of [true, false]) {
          await call(configurator, 'setReserveFreeze', [coin.token.address, frozen])
          await mine(2)
        }
        await call(configurator, 'setSupplyCap', [coin.token.address, 4_000_000n])
        await use()
      },
    }
  },
}
