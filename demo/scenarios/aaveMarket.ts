import { type Hex, maxUint256, parseUnits, stringToHex } from 'viem'
import type { Bound } from '../send.ts'
import { readPackaged } from './readPackaged.ts'
import type { Stage } from './stage.ts'

export type AaveMarket = { pool: Bound; acl: Bound; configurator: Bound; listed: { asset: Bound; deposits: Bound }[] }

const contracts = 'artifacts/contracts/protocol'
const ray = (percent: string) => parseUnits(percent, 25)
const logics = ['Bridge', 'EMode', 'Liquidation', 'Pool', 'Supply'] as const

/** An Aave v3 market by its own bytecode, in which each asset can be borrowed and serves as collateral. */
export async function aaveMarket(stage: Stage, assets: readonly Bound[]): Promise<AaveMarket> {
  const { deploy, call, accounts, read } = stage
  const [admin] = accounts as [Hex]
  const code = (path: string, name: string, libraries: Record<string, Hex> = {}) =>
    readPackaged('@aave/core-v3', `artifacts/contracts/${path}/${name}.sol/${name}.json`, libraries)
  const from = (folder: string, name: string, libraries?: Record<string, Hex>) =>
    code(`${contracts.slice('artifacts/contracts/'.length)}/${folder}`, name, libraries)
  const library = async (name: string, libraries?: Record<string, Hex>) =>
    (await deploy(from('libraries/logic', name, libraries))).address

  const provider = await deploy(from('configuration', 'PoolAddressesProvider'), { args: ['Acme', admin] })
  await call(provider, 'setACLAdmin', [admin])
  const acl = await deploy(from('configuration', 'ACLManager'), { args: [provider.address] })
  await call(provider, 'setACLManager', [acl.address])
  await call(acl, 'addPoolAdmin', [admin])

  const BorrowLogic = await library('BorrowLogic')
  const linked: Record<string, Hex> = { BorrowLogic, FlashLoanLogic: await library('FlashLoanLogic', { BorrowLogic }) }
  for (const name of logics) linked[`${name}Logic`] = await library(`${name}Logic`)
  const poolCode = from('pool', 'Pool', linked)
  const configuratorCode = from('pool', 'PoolConfigurator', { ConfiguratorLogic: await library('ConfiguratorLogic') })
  await call(provider, 'setPoolImpl', [(await deploy(poolCode, { args: [provider.address] })).address])
  await call(provider, 'setPoolConfiguratorImpl', [(await deploy(configuratorCode)).address])
  const pool: Bound = { address: await read<Hex>(provider, 'getPool'), abi: poolCode.abi }
  const configurator: Bound = { address: await read<Hex>(provider, 'getPoolConfigurator'), abi: configuratorCode.abi }

  const oracle = await deploy(code('mocks/oracle', 'PriceOracle'))
  await call(provider, 'setPriceOracle', [oracle.address])
  const aToken = await deploy(from('tokenization', 'AToken'), { args: [pool.address] })
  const stable = await deploy(from('tokenization', 'StableDebtToken'), { args: [pool.address] })
  const variable = await deploy(from('tokenization', 'VariableDebtToken'), { args: [pool.address] })
  const rates = [ray('80'), 0n, ray('4'), ray('60'), ray('2'), ray('60'), ray('2'), ray('5'), ray('20')]
  const strategy = await deploy(from('pool', 'DefaultReserveInterestRateStrategy'), {
    args: [provider.address, ...rates],
  })

  const listed = []
  for (const [index, asset] of assets.entries()) {
    await call(oracle, 'setAssetPrice', [asset.address, parseUnits('1', 8)])
    const named = (prefix: string) => [`Acme ${prefix} ${index}`, `${prefix}${index}`]
    const [aTokenName, aTokenSymbol] = named('a')
    const [variableDebtTokenName, variableDebtTokenSymbol] = named('v')
    const [stableDebtTokenName, stableDebtTokenSymbol] = named('s')
    const input = {
      aTokenImpl: aToken.address,
      stableDebtTokenImpl: stable.address,
      variableDebtTokenImpl: variable.address,
      underlyingAssetDecimals: await read<number>(asset, 'decimals'),
      interestRateStrategyAddress: strategy.address,
      underlyingAsset: asset.address,
      treasury: admin,
      incentivesController: `0x${'0'.repeat(40)}`,
      ...{ aTokenName, aTokenSymbol, variableDebtTokenName, variableDebtTokenSymbol },
      ...{ stableDebtTokenName, stableDebtTokenSymbol },
      params: stringToHex(''),
    }
    await call(configurator, 'initReserves', [[input]])
    await call(configurator, 'configureReserveAsCollateral', [asset.address, 7_500n, 8_000n, 10_500n])
    await call(configurator, 'setReserveBorrowing', [asset.address, true])
    await call(configurator, 'setReserveFactor', [asset.address, 1_000n])
    const data = await read<{ aTokenAddress: Hex }>(pool, 'getReserveData', [asset.address])
    listed.push({ asset, deposits: { address: data.aTokenAddress, abi: aToken.abi } })
  }
  return { pool, acl, configurator, listed }
}

/** Lets the pool take what somebody gives it. */
export const approve = ({ call }: Stage, { pool }: AaveMarket, asset: Bound, user: Hex) =>
  call(asset, 'approve', [pool.address, maxUint256], { from: user })
