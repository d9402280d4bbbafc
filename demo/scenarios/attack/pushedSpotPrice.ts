import { type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { readPackaged } from '../readPackaged.ts'
import type { Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const tokens = (amount: string) => parseUnits(amount, 18)

/** A pair of Uniswap v2 with a hundred times as many dollars as gold, and its router. */
async function goldMarket({ deploy, call, read, accounts }: Stage, gold: Bound, dollar: Bound) {
  const [deployer] = accounts
  const factory = await deploy(readPackaged('@uniswap/v2-core', 'build/UniswapV2Factory.json'), { args: [deployer] })
  const weth = await deploy(readPackaged('@uniswap/v2-periphery', 'build/WETH9.json'))
  await call(factory, 'createPair', [gold.address, dollar.address])
  const pair = await read<Hex>(factory, 'getPair', [gold.address, dollar.address])
  const { abi } = readPackaged('@uniswap/v2-core', 'build/UniswapV2Pair.json')
  const router = await deploy(readPackaged('@uniswap/v2-periphery', 'build/UniswapV2Router01.json'), {
    args: [factory.address, weth.address],
  })
  await call(gold, 'transfer', [pair, tokens('1000')])
  await call(dollar, 'transfer', [pair, tokens('100000')])
  await call({ address: pair, abi }, 'mint', [deployer])
  return { pair, router }
}

export const pushedSpotPrice: Scenario = {
  name: 'pushed-spot-price',
  theme: 'attack',
  attack:
    'A contract buys gold until a Uniswap v2 pair shows nine times its price, borrows against a little of it at that price, and sells the rest again in the same transaction.',
  twin: 'A customer buys gold with a flash swap, pledges it, and pays for it with what may honestly be borrowed against it.',

  async build(stage) {
    const { deploy, call, accounts, mine } = stage
    const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
    const [gold, dollar] = [
      await deploy(preset, { args: ['Gold', 'GOLD'] }),
      await deploy(preset, { args: ['Dollar', 'USD'] }),
    ]
    for (const token of [gold, dollar]) await call(token, 'mint', [accounts[0], tokens('2000000')])
    const { pair, router } = await goldMarket(stage, gold, dollar)
    const lender = await deploy(readArtifact('SpotLender'), { args: [gold.address, dollar.address, pair] })
    await call(dollar, 'transfer', [lender.address, tokens('200000')])
    const [ana, customer, thief] = [accounts[2]!, accounts[11]!, accounts[20]!]
    for (const from of [ana, customer, thief]) {
      await call(gold, 'transfer', [from, tokens('100')])
      await call(dollar, 'transfer', [from, tokens('250000')])
    }
    return {
      protect: [lender.address],
      victims: [lender.address],
      async ordinary() {
        await call(gold, 'approve', [lender.address, maxUint256], { from: ana })
        await call(lender, 'pledge', [tokens('50')], { from: ana })
        await call(lender, 'borrow', [tokens('2500')], { from: ana })
        await mine(20)
      },
      async attack() {
        const pusher = await deploy(readArtifact('SpotPusher'), { args: [lender.address, router.address], from: thief })
        await call(dollar, 'approve', [pusher.address, maxUint256], { from: thief })
        await mine(5)
        await call(pusher, 'push', [tokens('200000'), tokens('60'), tokens('39000')], { from: thief })
      },
      async twin() {
        const buyer = await deploy(readArtifact('FlashBuyer'), { args: [lender.address, pair], from: customer })
        await call(dollar, 'approve', [buyer.address, maxUint256], { from: customer })
        await mine(5)
        await call(buyer, 'buy', [tokens('60'), tokens('4000'), tokens('4000')], { from: customer })
      },
    }
  },
}
