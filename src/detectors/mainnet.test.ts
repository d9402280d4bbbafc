import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../test/harness/corpus.ts'
import { contract, modelBlock, scene, World } from '../../test/harness/scene.ts'
import { transferTopics } from '../evm/ledger/tokenTransfers.ts'
import type { Address, Block } from '../model/chain.ts'
import { privilegedChange } from './access/privilegedChange.ts'
import { transactionRate } from './activity/transactionRate.ts'
import { governance } from './governance/governance.ts'
import { moduleQueue } from './governance/moduleQueue.ts'
import { priceIn } from './oracle/priceManipulation/pricePoints.ts'
import { priceManipulation } from './oracle/priceManipulation.ts'
import { safeExecution } from './safe/safeExecution.ts'
import { largeTransfer } from './value/largeTransfer.ts'
import { outflowCap } from './value/outflowCap.ts'
import { unusualOutflow } from './value/unusualOutflow.ts'

const usdc: Address = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'

/** Nine ordinary blocks of mainnet, as if the contracts that are busiest there were ours. */
describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const blocks: Block[] = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const logs = blocks.flatMap(({ receipts }) => receipts!.flatMap((receipt) => receipt.logs))
  const busiest = [...Map.groupBy(logs, ({ address }) => address)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 40)
    .map(([address], place) => contract(`busy${place}`, address, { kind: 'pool' }))
  const tokens = new Set(logs.filter(({ topics }) => topics[0] === transferTopics[0]).map(({ address }) => address))
  const holders = busiest.filter(({ address }) => !tokens.has(address))
  const judge = (detector: Parameters<typeof scene>[0], options: object, on = busiest) => {
    const watch = scene(detector, on, { options, world: new World().token(usdc, 'USDC', 6) })
    return blocks.map((block) => watch.judge(block))
  }

  test('every USDC transfer of at least 1,000 is found, and no other', () => {
    const token = contract('usdc', usdc, { kind: 'erc20' })
    const found = judge(largeTransfer, { amount: 1_000 }, [token]).flatMap(({ claims }) => claims)
    const expected = logs.filter(
      ({ address, topics: [topic0, from, to], data }) =>
        address === usdc && topic0 === transferTopics[0] && from !== to && BigInt(data) >= 1_000_000_000n,
    )
    expect(found.map(({ transactionHash, logIndex }) => [transactionHash, logIndex])).toEqual(
      expected.map(({ transactionHash, logIndex }) => [transactionHash, logIndex]),
    )
    expect(expected.length).toBeGreaterThan(5)
  })

  test.each([
    ['large-transfer', largeTransfer, { units: '1' }],
    ['outflow-cap', outflowCap, {}],
  ])('%s believes no token whose balances do not move', (_, detector, options) => {
    const seen = judge(detector, options, holders)
    expect(seen.flatMap(({ reads }) => reads).length).toBeGreaterThan(100)
    // Native value did come in, and here no balance shows it, so that it looks as if it had left again.
    const ofTokens = seen.flatMap(({ claims }) => claims.filter(({ facts }) => facts.token !== 'native'))
    expect([...ofTokens, ...seen.flatMap(({ blind }) => blind)]).toEqual([])
  })

  test('transaction-rate is silent', () => {
    expect(judge(transactionRate, {}).flatMap(({ claims, blind }) => [...claims, ...blind])).toEqual([])
  })

  test('price-manipulation never pages, whoever relies on whichever pool', () => {
    const pools = [...new Set(logs.filter((log) => priceIn(log) !== null).map(({ address }) => address))].slice(0, 50)
    expect(pools.length).toBeGreaterThan(20)
    const users = busiest.filter(({ address }) => !pools.includes(address))
    const seen = judge(priceManipulation, { sources: pools }, users)
    const grave = seen.flatMap(({ claims }) => claims.filter(({ severity }) => severity !== 'medium'))
    expect(grave).toEqual([])
    expect(seen.flatMap(({ blind }) => blind)).toEqual([])
  })

  test('unusual-outflow only learns', () => {
    expect(judge(unusualOutflow, {}, holders).flatMap(({ claims }) => claims)).toEqual([])
  })

  test('privileged-change speaks of no contract that people merely use', () => {
    const seen = judge(privilegedChange, {})
    expect(seen.flatMap(({ claims }) => claims.map(({ title }) => title))).toEqual([])
    expect(seen.flatMap(({ blind }) => blind)).toEqual([])
  })

  test('governance, module-queue and safe-execution speak of no contract that people merely use', () => {
    const seen = [...judge(governance, {}), ...judge(moduleQueue, {}), ...judge(safeExecution, {})]
    expect(seen.flatMap(({ claims }) => claims.map(({ title }) => title))).toEqual([])
  })
})
