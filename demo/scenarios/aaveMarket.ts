import { type Hex, maxUint256, parseUnits, zeroAddress } from 'viem'
import type { Bound } from '../send.ts'
import { readPackaged } from './readPackaged.ts'
import type { Stage } from './stage.ts'

export type Listed = { token: Bound; aToken: Bound; debtToken: Bound; source: Bound }

export type AaveMarket = {
  pool: Bound
  oracle: Bound
  configurator: Bound
  /** Dollars that are lent, and the coin that is the collateral: 18 decimals both, at 1 and at 2,000 dollars. */
  dollar: Listed
  coin: Listed
  lenders: readonly Hex[]
  borrowers: readonly Hex[]
  /** Supplies, borrows and repays a little. */
  use(): Promise<void>
}

const code = (path: string, libraries: Record<string, Hex> = {}) =>
  readPackaged('@aave/core-v3', `artifacts/contracts/${path}`, libraries)
const logic = (name: string) => `protocol/libraries/logic/${name}.sol/${name}.json`
const contract = (folder: string, name: string) => `${folder}/${name}.sol/${name}.json`
export const units = (amount: string) => parseUnits(amount, 18)
const ray = (percent: number) => parseUnits(`${percent / 100}`, 27)

/** A lending market of Aave v3 as its own code sets it up, with two reserves, five lenders and two loans. */
export async function aaveMarket(stage: Stage): Promise<AaveMarket> {
  const { accounts, call, mine } = stage
  const admin = accounts[0]!
  const [lenders, borrowers] = [accounts.slice(5, 10), accounts.slice(10, 12)]
  const market = await deployMarket(stage, admin)
  const dollar = await list(stage, market, 'USD', 1n)
  const coin = await list(stage, market, 'COIN', 2_000n)
  const { pool } = market
  const supply = (from: Hex, { token }: Listed, amount: string) =>
    call(pool, 'supply', [token.address, units(amount), from, 0], { from })
  const borrow = (from: Hex, amount: string) =>
    call(pool, 'borrow', [dollar.token.address, units(amount), 2n, 0, from], { from })
  for (const account of [...lenders, ...borrowers]) {
    for (const { token } of [dollar, coin]) {
      await call(token, 'mint', [account, units('2000000')])
      await call(token, 'approve', [pool.address, maxUint256], { from: account })
    }
  }
  for (const [index, lender] of lenders.entries()) await supply(lender, dollar, `${300_000 + index * 120_000}`)
  for (const borrower of borrowers) {
    await supply(borrower, coin, '120')
    await borrow(borrower, '90000')
  }
  return {
    ...market,
    dollar,
    coin,
    lenders,
    borrowers,
    async use() {
      for (const [index, lender] of lenders.entries()) {
        await supply(lender, dollar, `${700 + index * 130}`)
        await mine(3)
        await call(pool, 'withdraw', [dollar.token.address, units(`${200 + index * 90}`), lender], { from: lender })
        const borrower = borrowers[index % 2]!
        await borrow(borrower, `${300 + index * 40}`)
        await mine(2)
        await call(pool, 'repay', [dollar.token.address, units('150'), 2n, borrower], { from: borrower })
      }
    },
  }
}

async function deployMarket({ deploy, call, read }: Stage, admin: Hex) {
  const provider = await deploy(code(contract('protocol/configuration', 'PoolAddressesProvider')), {
    args: ['Acme', admin],
  })
  await call(provider, 'setACLAdmin', [admin])
  const acl = await deploy(code(contract('protocol/configuration', 'ACLManager')), { args: [provider.address] })
  await call(provider, 'setACLManager', [acl.address])
  for (const role of ['addPoolAdmin', 'addEmergencyAdmin', 'addAssetListingAdmin']) await call(acl, role, [admin])
  const oracle = await deploy(code(contract('misc', 'AaveOracle')), {
    args: [provider.address, [], [], zeroAddress, zeroAddress, 10n ** 8n],
  })
  await call(provider, 'setPriceOracle', [oracle.address])

  const libraries: Record<string, Hex> = {}
  for (const name of [
    ...['SupplyLogic', 'BorrowLogic', 'LiquidationLogic', 'EModeLogic', 'BridgeLogic', 'PoolLogic'],
    ...['FlashLoanLogic', 'ConfiguratorLogic'],
  ]) {
    libraries[name] = (await deploy(code(logic(name), libraries))).address
  }
  const install = async (name: string, setter: string, getter: string): Promise<Bound> => {
    const given = code(contract('protocol/pool', name), libraries)
    const args = name === 'Pool' ? [provider.address] : []
    const { address, abi } = await deploy(given, { args })
    await call({ address, abi }, 'initialize', [provider.address])
    await call(provider, setter, [address])
    return { address: (await read<Hex>(provider, getter)).toLowerCase() as Hex, abi }
  }
  const pool = await install('Pool', 'setPoolImpl', 'getPool')
  const configurator = await install('PoolConfigurator', 'setPoolConfiguratorImpl', 'getPoolConfigurator')
  return { provider, acl, oracle, pool, configurator }
}

async function list(
  { deploy, call, read }: Stage,
  { provider, pool, configurator, oracle }: Awaited<ReturnType<typeof deployMarket>>,
  symbol: string,
  price: bigint,
): Promise<Listed> {
  const token = await deploy(readPackaged('openzeppelin-v4', 'build/contracts/ERC20PresetMinterPauser.json'), {
    args: [symbol, symbol],
  })
  const source = await deploy(code(contract('mocks/oracle/CLAggregators', 'MockAggregator')), {
    args: [price * 10n ** 8n],
  })
  await call(oracle, 'setAssetSources', [[token.address], [source.address]])
  const strategy = await deploy(code(contract('protocol/pool', 'DefaultReserveInterestRateStrategy')), {
    args: [provider.address, ray(80), 0n, ray(4), ray(60), ray(2), ray(60), ray(2), ray(5), ray(20)],
  })
  const tokenization = (name: string) => deploy(code(contract('protocol/tokenization', name)), { args: [pool.address] })
  const [aToken, stable, variable] = [
    await tokenization('AToken'),
    await tokenization('StableDebtToken'),
    await tokenization('VariableDebtToken'),
  ]
  const reserve = {
    aTokenImpl: aToken.address,
    stableDebtTokenImpl: stable.address,
    variableDebtTokenImpl: variable.address,
    underlyingAssetDecimals: 18,
    interestRateStrategyAddress: strategy.address,
    underlyingAsset: token.address,
    treasury: pool.address,
    incentivesController: zeroAddress,
    aTokenName: `Acme ${symbol}`,
    aTokenSymbol: `a${symbol}`,
    variableDebtTokenName: `Acme debt ${symbol}`,
    variableDebtTokenSymbol: `d${symbol}`,
    stableDebtTokenName: `Acme stable debt ${symbol}`,
    stableDebtTokenSymbol: `s${symbol}`,
    params: '0x',
  }
  await call(configurator, 'initReserves', [[reserve]])
  await call(configurator, 'configureReserveAsCollateral', [token.address, 8_000n, 8_250n, 10_500n])
  await call(configurator, 'setReserveBorrowing', [token.address, true])
  const data = await read<{ aTokenAddress: Hex; variableDebtTokenAddress: Hex }>(pool, 'getReserveData', [
    token.address,
  ])
  return {
    token,
    source,
    aToken: { address: data.aTokenAddress.toLowerCase() as Hex, abi: aToken.abi },
    debtToken: { address: data.variableDebtTokenAddress.toLowerCase() as Hex, abi: variable.abi },
  }
}
