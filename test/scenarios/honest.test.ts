import { encodeFunctionData, type Hex, maxUint256, parseUnits, zeroAddress, zeroHash } from 'viem'
import { readArtifact } from '../../demo/artifact.ts'
import { acmeDao, role, timelockDelay } from '../../demo/scenarios/acmeDao.ts'
import { acmeVault, dollars } from '../../demo/scenarios/acmeVault.ts'
import { coins } from '../../demo/scenarios/oracle/keptMarket.ts'
import { spotMarket } from '../../demo/scenarios/oracle/spotMarket.ts'
import { readPackaged } from '../../demo/scenarios/readPackaged.ts'
import type { Stage } from '../../demo/scenarios/stage.ts'
import type { Bound } from '../../demo/send.ts'
import { type Honest, testHonest } from './testHonest.ts'

/** What honest people do that nobody must be woken for, where no attack looks alike. */
testHonest({
  'the largest provider of a Uniswap v3 pool leaves': poolLeft,
  'a timelock upgrades a beacon as it had announced': beaconUpgraded,
  'a thief moves the price in a Uniswap v2 pair to rob a market of strangers': pairUsed,
  'a DAO puts half of its treasury into a vault': treasuryDeposited,
  'a timelock exchanges the guardian of a vault': guardianExchanged,
})

async function poolLeft({ deploy, call, read, accounts, mine }: Stage): Promise<Honest> {
  const core = (name: string) => readPackaged('@uniswap/v3-core', `artifacts/contracts/${name}.sol/${name}.json`)
  const periphery = (name: string) =>
    readPackaged('@uniswap/v3-periphery', `artifacts/contracts/${name}.sol/${name}.json`)
  const preset = readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json')
  const provider = accounts[0]!
  const traders = accounts.slice(4, 8)
  const made = [await deploy(preset, { args: ['Gold', 'GOLD'] }), await deploy(preset, { args: ['Dollar', 'USD'] })]
  const [token0, token1] = made.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1)) as [Bound, Bound]
  const factory = await deploy(core('UniswapV3Factory'))
  await call(factory, 'createPool', [token0.address, token1.address, 3_000])
  const address = await read<Hex>(factory, 'getPool', [token0.address, token1.address, 3_000])
  await call({ address, abi: core('UniswapV3Pool').abi }, 'initialize', [2n ** 96n])
  const weth = await deploy(readPackaged('@uniswap/v2-periphery', 'build/WETH9.json'))
  const args = [factory.address, weth.address]
  const positions = await deploy(periphery('NonfungiblePositionManager'), { args: [...args, provider] })
  const router = await deploy(periphery('SwapRouter'), { args })
  for (const account of [provider, ...traders]) {
    for (const token of made) {
      await call(token, 'mint', [account, parseUnits('200000', 18)])
      for (const spender of [positions, router])
        await call(token, 'approve', [spender.address, maxUint256], { from: account })
    }
  }
  const both = [parseUnits('100000', 18), parseUnits('100000', 18)]
  await call(
    positions,
    'mint',
    [[token0.address, token1.address, 3_000, -6_000, 6_000, ...both, 0n, 0n, provider, maxUint256]].map(asPosition),
  )
  const swap = (from: Hex, input: Bound, output: Bound, amount: string) =>
    call(
      router,
      'exactInputSingle',
      [
        {
          ...{ tokenIn: input.address, tokenOut: output.address, fee: 3_000, recipient: from, deadline: maxUint256 },
          ...{ amountIn: parseUnits(amount, 18), amountOutMinimum: 0n, sqrtPriceLimitX96: 0n },
        },
      ],
      { from },
    )
  return {
    protect: [address],
    async ordinary() {
      for (const trader of traders) {
        await swap(trader, token0, token1, '500')
        await mine(2)
        await swap(trader, token1, token0, '450')
      }
    },
    async twin() {
      await swap(traders[0]!, token0, token1, '40000')
      await mine(5)
      const { 7: liquidity } = await read<readonly bigint[]>(positions, 'positions', [1n])
      const [deadline, most] = [maxUint256, 2n ** 128n - 1n]
      await call(positions, 'decreaseLiquidity', [{ tokenId: 1n, liquidity, amount0Min: 0n, amount1Min: 0n, deadline }])
      await call(positions, 'collect', [{ tokenId: 1n, recipient: provider, amount0Max: most, amount1Max: most }])
    },
  }
}

/** Who is used in an attack is not its victim. */
async function pairUsed(stage: Stage): Promise<Honest> {
  const { market, pair, dollar, coin, thief, use } = await spotMarket(stage)
  return {
    protect: [pair.address],
    ordinary: use,
    async twin() {
      const args = [market.address, pair.address, dollar.address, coin.address]
      const push = await stage.deploy(readArtifact('SpotPush'), { args, from: thief })
      await stage.call(dollar, 'transfer', [push.address, dollars('900000')], { from: thief })
      await stage.call(push, 'strike', [coins('8000'), dollars('190000'), true], { from: thief })
    },
  }
}

/** The parameters of `mint`, in their order. */
function asPosition(values: readonly unknown[]) {
  const names = ['token0', 'token1', 'fee', 'tickLower', 'tickUpper', 'amount0Desired', 'amount1Desired', 'amount0Min']
  const all = [...names, 'amount1Min', 'recipient', 'deadline']
  return Object.fromEntries(all.map((name, index) => [name, values[index]]))
}

/** A timelock of two days, and what it does as it announces it. */
async function announcer({ deploy, call, accounts, skip }: Stage) {
  const from = accounts[2]!
  const timelock = await deploy(readArtifact('TimelockController'), {
    args: [timelockDelay, [from], [zeroAddress], zeroAddress],
  })
  return {
    timelock,
    async carryOut(to: Bound, functionName: string, args: readonly unknown[]) {
      const data = encodeFunctionData({ abi: to.abi, functionName, args })
      await call(timelock, 'schedule', [to.address, 0n, data, zeroHash, zeroHash, timelockDelay], { from })
      await skip(timelockDelay + 60)
      await call(timelock, 'execute', [to.address, 0n, data, zeroHash, zeroHash], { from })
    },
  }
}

const built = (name: string) => readPackaged('openzeppelin-v4', `build/contracts/${name}.json`)

async function beaconUpgraded(stage: Stage): Promise<Honest> {
  const { deploy, call, accounts, mine } = stage
  const { timelock, carryOut } = await announcer(stage)
  const logic = readArtifact('FreezableDollar')
  const first = await deploy(logic)
  const beacon = await deploy(built('UpgradeableBeacon'), { args: [first.address] })
  await call(beacon, 'transferOwnership', [timelock.address])
  const initialize = encodeFunctionData({ abi: logic.abi, functionName: 'initialize', args: [accounts[0]] })
  const proxy = await deploy(built('BeaconProxy'), { args: [beacon.address, initialize] })
  const token = { address: proxy.address, abi: logic.abi }
  await call(token, 'mint', [accounts[4], 10n ** 12n])
  const ordinary = async () => {
    for (const amount of [120n, 75n, 3_100n]) {
      await call(token, 'transfer', [accounts[5], amount * 10n ** 6n], { from: accounts[4]! })
      await mine(3)
    }
  }
  return {
    protect: [token.address, timelock.address],
    ordinary,
    async twin() {
      const next = await deploy(logic)
      await carryOut(beacon, 'upgradeTo', [next.address])
      await ordinary()
    },
  }
}

async function treasuryDeposited(stage: Stage): Promise<Honest> {
  const { governor, timelock, asset, decide } = await acmeDao(stage)
  const { vault, use } = await acmeVault(stage, { asset })
  const amount = dollars('1020000')
  return {
    protect: [governor.address, timelock.address],
    ordinary: use,
    twin: () =>
      decide(
        [
          { to: asset, functionName: 'approve', args: [vault.address, amount] },
          { to: vault, functionName: 'deposit', args: [amount, timelock.address] },
        ],
        'Put half of the treasury into the vault',
      ),
  }
}

async function guardianExchanged(stage: Stage): Promise<Honest> {
  const { timelock, carryOut } = await announcer(stage)
  const { vault, keys, use } = await acmeVault(stage, { admin: timelock.address, upgrader: timelock.address })
  return {
    protect: [vault.address, timelock.address],
    ordinary: use,
    async twin() {
      await carryOut(vault, 'grantRole', [role('GUARDIAN_ROLE'), stage.accounts[18]])
      await carryOut(vault, 'revokeRole', [role('GUARDIAN_ROLE'), keys.guardian])
      await use()
    },
  }
}
