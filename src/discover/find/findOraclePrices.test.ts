import solc from 'solc'
import type { Abi, Hex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aaveMarket } from '../../../demo/scenarios/aaveMarket.ts'
import { readPackaged } from '../../../demo/scenarios/readPackaged.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import type { Bound } from '../../../demo/send.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { openHastyClient } from '../../../test/harness/openTestClient.ts'
import type { Address } from '../../model/chain.ts'
import { proposeConfig } from '../propose/proposeConfig.ts'

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Token {
  string public symbol; uint8 public decimals; uint256 public totalSupply = 1e30;
  mapping(address => uint256) public balanceOf;
  constructor(string memory name, uint8 digits) { symbol = name; decimals = digits; balanceOf[msg.sender] = totalSupply; }
  function transfer(address to, uint256 value) external returns (bool) { balanceOf[msg.sender] -= value; balanceOf[to] += value; return true; }
}
contract Market is Token {
  address public underlying;
  constructor(address token) Token("cTOK", 8) { underlying = token; }
}
contract Oracle {
  bool public constant isPriceOracle = true;
  mapping(address => uint256) public getUnderlyingPrice;
  function set(address market, uint256 price) external { getUnderlyingPrice[market] = price; }
}
contract Comptroller {
  address public oracle; address[] markets;
  constructor(address given, address[] memory list) { oracle = given; markets = list; }
  function getAllMarkets() external view returns (address[] memory) { return markets; }
}`
type Made = Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>

let anvil: Anvil
let stage: Stage
beforeEach(async () => {
  anvil = await startAnvil()
  stage = await createStage(anvil.rpcUrl)
})
afterEach(() => anvil.stop())

async function pricesFor(...contracts: Bound[]) {
  const client = openHastyClient([anvil.rpcUrl], 10_000, 31_337)
  try {
    const addresses = contracts.map(({ address }) => address.toLowerCase() as Address)
    const chain = { id: 31_337, name: 'local' }
    const { prices, contracts: named } = await proposeConfig(client, addresses, {
      chain,
      now: new Date(),
      sources: null,
    })
    const nameOf = ({ address }: Bound) =>
      named.find(({ facts }) => facts.address === address.toLowerCase())?.name ?? 'not there'
    return { nameOf, of: (token: Bound) => prices.tokens.get(nameOf(token)) }
  } finally {
    client.close()
  }
}

const argument = ({ address }: Bound) => address.slice(2).toLowerCase().padStart(64, '0')

test('tokens of a market like Aave are priced first by its oracle, in the unit that it names', async () => {
  const { pool, oracle, dollar, coin } = await aaveMarket(stage)
  const { of, nameOf } = await pricesFor(pool, oracle)
  for (const { token } of [dollar, coin]) {
    const [first] = of(token) ?? []
    expect(first).toEqual({ in: `$${nameOf(oracle)}`, call: `0xb3596f07${argument(token)}`, decimals: 8 })
  }
  // What it has no source for it answers with nothing.
  expect(of(dollar.aToken)).toBeUndefined()
}, 60_000)

test('an oracle that answers with what no price can be is none', async () => {
  const { oracle, pool, coin, dollar } = await aaveMarket(stage)
  const mock = 'artifacts/contracts/mocks/oracle/CLAggregators/MockAggregator.sol/MockAggregator.json'
  const wild = await stage.deploy(readPackaged('@aave/core-v3', mock), { args: [10n ** 16n] })
  await stage.call(oracle, 'setAssetSources', [[coin.token.address], [wild.address]])
  const { of } = await pricesFor(pool, oracle)
  expect(of(coin.token)).toBeUndefined()
  expect(of(dollar.token)).toHaveLength(1)
}, 60_000)

test('tokens behind markets like those of Compound are priced by what its oracle says of the market', async () => {
  const input = {
    language: 'Solidity',
    sources: { 'a.sol': { content: source } },
    settings: { outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  const made = JSON.parse(solc.compile(JSON.stringify(input))).contracts['a.sol'] as Made
  const deploy = (name: string, args: readonly unknown[] = []) =>
    stage.deploy({ abi: made[name]!.abi, bytecode: `0x${made[name]!.evm.bytecode.object}` as Hex }, { args })
  const [six, odd] = [await deploy('Token', ['TOK', 6]), await deploy('Token', ['ODD', 18])]
  const [market, oddMarket] = [await deploy('Market', [six.address]), await deploy('Market', [odd.address])]
  const oracle = await deploy('Oracle')
  const markets = [market.address, oddMarket.address]
  const comptroller = await deploy('Comptroller', [oracle.address, markets])
  await stage.call(oracle, 'set', [market.address, 25n * 10n ** 29n])
  const { of, nameOf } = await pricesFor(comptroller)
  expect(of(six)).toEqual([{ in: `$${nameOf(oracle)}`, call: `0xfc57d4df${argument(market)}`, decimals: 30 }])
  // It prices neither the market itself nor what it says nothing about.
  expect([of(market), of(odd)]).toEqual([undefined, undefined])
}, 60_000)
