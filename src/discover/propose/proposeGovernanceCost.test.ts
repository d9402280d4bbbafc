import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { governanceCost } from '../../detectors/governance/governanceCost.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeGovernanceCost } from './proposeGovernanceCost.ts'

const named = (name: string, n: number, facts: Partial<ContractFacts>): NamedFacts => ({
  ...{ name, kind: null, role: 'protected', pointers: [] },
  facts: { address: account(n), form: 'contract', balance: 0n, codes: [], forwards: false, ...facts },
})
const token = (symbol: string, decimals: number | null): Partial<ContractFacts> => ({
  token: { standard: 'erc20', symbol, decimals, totalSupply: 1n, why: '' },
})
const governor = named('dao', 1, { governor: { votingPeriod: 1n, timelock: account(2), why: '' } })
const timelock = named('timelock', 2, { timelock: { minDelaySeconds: 1n, why: '' } })
const votes: NamedFacts = {
  ...named('acme', 3, token('ACME', 18)),
  pointers: [{ from: account(1), to: account(3), kind: 'use', name: 'token', where: 'token()' }],
}
const pair = named('pair', 5, { pair: { token0: account(4), token1: account(3), why: '' } })

test('where a pool sells the votes, their cost is held against the treasury', () => {
  const [proposal, ...rest] = proposeGovernanceCost([
    governor,
    timelock,
    votes,
    named('usdc', 4, token('USDC', 6)),
    pair,
  ])
  expect(rest).toEqual([])
  expect(proposal).toMatchObject({
    on: ['dao', 'timelock'],
    options: {
      market: { pair: '$pair', decimals: [6, 18] },
      treasury: [{ token: '$usdc', decimals: 6, price: 1 }],
    },
  })
  expect(governanceCost.options.safeParse(proposal?.options).success).toBe(true)
})

test('nothing is proposed without a pool, or where a coin does not tell its decimals', () => {
  expect(proposeGovernanceCost([governor, timelock, votes, named('usdc', 4, token('USDC', 6))])).toEqual([])
  expect(proposeGovernanceCost([governor, timelock, votes, named('usdc', 4, token('USDC', null)), pair])).toEqual([])
  expect(proposeGovernanceCost([timelock, votes, named('usdc', 4, token('USDC', 6)), pair])).toEqual([])
})
