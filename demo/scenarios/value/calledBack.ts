import { type Hex, maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

const packaged = (name: string) => readPackaged('@uniswap/v3-core', `artifacts/contracts/${name}.sol/${name}.json`)

export const calledBack: Scenario = {
  name: 'called-back',
  theme: 'value',
  attack:
    'A router pays whoever calls it back as the pools of Uniswap v3 do: a contract that is no pool has it take all that users let it take.',
  twin: 'A customer sells nearly all of theirs through the router in a real pool.',

  async build({ deploy, call, read, accounts, mine }) {
    const [deployer, customer, thief] = [accounts[0]!, accounts[12]!, accounts[20]!]
    const users = accounts.slice(2, 8)
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const gold = await deploy(readArtifact('AcmeToken'), { args: [deployer, parseEther('1000000')] })
    const factory = await deploy(packaged('UniswapV3Factory'))
    await call(factory, 'createPool', [dollar.address, gold.address, 3_000])
    const address = await read<Hex>(factory, 'getPool', [dollar.address, gold.address, 3_000])
    const pool = { address, abi: packaged('UniswapV3Pool').abi }
    // One unit for one unit: what they are worth does not matter here.
    await call(pool, 'initialize', [2n ** 96n])
    const provider = await deploy(readArtifact('RangeProvider'))
    await call(dollar, 'mint', [deployer, dollars('5000000')])
    for (const token of [dollar, gold]) await call(token, 'approve', [provider.address, maxUint256])
    await call(provider, 'provide', [pool.address, -60_000, 60_000, 500_000_000_000n])
    const router = await deploy(readArtifact('CallbackRouter'))
    for (const from of [...users, customer]) {
      await call(dollar, 'mint', [from, dollars('200000')])
      await call(dollar, 'approve', [router.address, maxUint256], { from })
    }
    const isFirst = BigInt(dollar.address) < BigInt(gold.address)
    const sell = (from: Hex, amount: string) =>
      call(router, 'sell', [pool.address, dollar.address, isFirst, dollars(amount)], { from })
    return {
      protect: [router.address],
      victims: [router.address],
      async ordinary() {
        for (const user of users) {
          await sell(user, '300')
          await mine(4)
        }
      },
      async attack() {
        const robber = await deploy(readArtifact('CallbackRobber'), { from: thief })
        await mine(50)
        await call(robber, 'rob', [router.address, dollar.address, users.slice(0, 1)], { from: thief })
        await mine(5)
        await call(robber, 'rob', [router.address, dollar.address, users.slice(1)], { from: thief })
      },
      async twin() {
        await sell(customer, '90000')
        await sell(customer, '100000')
      },
    }
  },
}
