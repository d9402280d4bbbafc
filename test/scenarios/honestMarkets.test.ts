import { encodeFunctionData, type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../../demo/artifact.ts'
import { acmeSafe } from '../../demo/scenarios/acmeSafe.ts'
import { readPackaged } from '../../demo/scenarios/readPackaged.ts'
import type { Stage } from '../../demo/scenarios/stage.ts'
import type { Bound } from '../../demo/send.ts'
import { type Honest, testHonest } from './testHonest.ts'

/** Busy days of pairs and farms, which nobody must be woken for. */
testHonest(
  {
    'contracts trade through a Uniswap v2 pair, and at last all its liquidity leaves': pairEmptied,
    'the largest of a farm leaves with its rewards, and all others at the end of the season': seasonEnded,
  },
  240_000,
)

const units = (amount: string) => parseUnits(amount, 18)

/** Two tokens of which each of some accounts has a million. */
async function tokensFor({ deploy, call }: Stage, accounts: readonly Hex[]): Promise<[Bound, Bound]> {
  const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
  const gold = await deploy(preset, { args: ['Gold', 'GOLD'] })
  const usd = await deploy(preset, { args: ['Dollar', 'USD'] })
  for (const token of [gold, usd])
    for (const account of accounts) await call(token, 'mint', [account, units('1000000')])
  return [gold, usd]
}

async function pairEmptied(stage: Stage): Promise<Honest> {
  const { deploy, call, read, accounts, mine } = stage
  const provider = accounts[0]!
  const { safe, execute } = await acmeSafe(stage)
  const core = (name: string) => readPackaged('@uniswap/v2-core', `build/${name}.json`)
  const factory = await deploy(core('UniswapV2Factory'), { args: [provider] })
  const [gold, usd] = await tokensFor(stage, [provider, safe.address])
  await call(factory, 'createPair', [gold.address, usd.address])
  const address = await read<Hex>(factory, 'getPair', [gold.address, usd.address])
  const pair = { address, abi: core('UniswapV2Pair').abi }
  await call(gold, 'transfer', [address, units('400000')])
  await call(usd, 'transfer', [address, units('900000')])
  await call(pair, 'mint', [provider])
  const goldFirst = (await read<Hex>(pair, 'token0')).toLowerCase() === gold.address.toLowerCase()
  const through = (to: Bound, functionName: string, args: readonly unknown[]) =>
    execute({ to: to.address, data: encodeFunctionData({ abi: to.abi, functionName, args }) })
  /** By way of a contract, as bots and routers do. */
  const sell = async (input: Bound, amount: string) => {
    const reserves = await read<readonly [bigint, bigint]>(pair, 'getReserves')
    const isFirst = (input === gold) === goldFirst
    const [reserveIn, reserveOut] = isFirst ? reserves : [reserves[1], reserves[0]]
    const paid = units(amount) * 997n
    const bought = (paid * reserveOut) / (reserveIn * 1_000n + paid)
    await through(input, 'transfer', [address, units(amount)])
    await through(pair, 'swap', [isFirst ? 0n : bought, isFirst ? bought : 0n, safe.address, '0x'])
  }
  const trade = async () => {
    for (const part of ['900', '1100']) {
      await sell(gold, part)
      await mine(4)
      await sell(usd, '1700')
      await mine(3)
    }
  }
  return {
    protect: [address],
    ordinary: trade,
    async twin() {
      await trade()
      await sell(gold, '30000')
      await mine(2)
      await call(pair, 'transfer', [address, await read(pair, 'balanceOf', [provider])])
      await call(pair, 'burn', [provider])
    },
  }
}

async function seasonEnded(stage: Stage): Promise<Honest> {
  const { deploy, call, accounts, skip, mine } = stage
  const [largest, ...others] = accounts.slice(4, 12) as [Hex, ...Hex[]]
  const [staked, reward] = await tokensFor(stage, [accounts[0]!, largest, ...others])
  const farm = await deploy(readArtifact('SeasonFarm'), { args: [staked.address, reward.address] })
  await call(reward, 'approve', [farm.address, maxUint256])
  await call(farm, 'fund', [units('90000')])
  for (const from of [largest, ...others]) {
    await call(staked, 'approve', [farm.address, maxUint256], { from })
    await call(farm, 'stake', [units(from === largest ? '600000' : '60000')], { from })
  }
  return {
    protect: [farm.address],
    async ordinary() {
      for (const from of others) {
        await skip(7_200)
        await call(farm, 'stake', [units('500')], { from })
        await call(farm, 'withdraw', [units('120')], { from })
        await call(farm, 'getReward', [], { from })
        await mine(3)
      }
    },
    async twin() {
      await skip(20 * 86_400)
      await call(farm, 'exit', [], { from: largest })
      await skip(11 * 86_400)
      for (const from of others) {
        await call(farm, 'exit', [], { from })
        await mine(2)
      }
    },
  }
}
