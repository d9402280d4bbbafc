import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeDepths, proposePegs } from './proposePools.ts'

function named(name: string, number: number, facts: Partial<ContractFacts> = {}): NamedFacts {
  const address = account(number)
  const whole: ContractFacts = { address, form: 'contract', balance: 0n, codes: [], forwards: false, ...facts }
  return { name, kind: null, role: 'dependency', facts: whole, pointers: [] }
}
const [market, coin, dollar] = [named('market', 1), named('coin', 2), named('dollar', 3)]
const tokens = { token0: account(2), token1: account(3), why: '' }
const feedOf = (description: string | null, answer: bigint) =>
  named('feed', 5, {
    feed: {
      description,
      decimals: 8,
      answer,
      updatedAt: 0,
      intervals: [],
      aggregator: null,
      announces: false,
      why: '',
    },
  })

test('the depth of a pair that a price comes from is followed, of a pool of ranges at a milder severity', () => {
  const depthOf = (facts: Partial<ContractFacts>, users = [market]) =>
    proposeDepths([{ source: named('pair', 4, facts), users }], [market, coin, dollar])
  expect(depthOf({ pair: tokens })).toMatchObject([
    { use: 'pool-depth', on: ['market'], options: { pools: [{ pool: '$pair', tokens: ['$coin', '$dollar'] }] } },
  ])
  expect(depthOf({ pair: tokens })[0]).not.toHaveProperty('severity')
  expect(depthOf({ pool: tokens })).toMatchObject([{ severity: 'medium' }])
  expect(depthOf({ pair: { ...tokens, token1: account(99) } })).toEqual([])
  expect(depthOf({ pair: tokens }, [])).toEqual([])
  expect(depthOf({})).toEqual([])
})

test.each([
  ['USDC / USD', 99_980_000n, 1],
  ['stETH / ETH', 99_900_000n, 1],
  ['DAI / USD', 100_000_000n, 1],
  ['stETH / ETH', 97_000_000n, 0],
  ['ETH / USD', 100_000_000n, 0],
  ['USD / USD', 100_000_000n, 0],
  ['something else', 100_000_000n, 0],
  [null, 100_000_000n, 0],
])('%s at %s is taken for a peg: %s', (description, answer, count) => {
  expect(proposePegs([{ source: feedOf(description, answer), users: [market] }])).toHaveLength(count)
})
