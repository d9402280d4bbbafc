import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeStreams } from './proposeStreams.ts'

const named = (name: string, role: NamedFacts['role'], facts: Partial<ContractFacts>): NamedFacts => ({
  ...{ name, kind: null, role, pointers: [] },
  facts: { address: account(name.length), form: 'contract', balance: 0n, codes: [], forwards: false, ...facts },
})
const timelock = { timelock: { minDelaySeconds: 1n, why: '' } }

test('whoever may hold the treasury is watched: ours, and Safes and timelocks with power over ours', () => {
  const all = [
    named('treasury', 'protected', {}),
    named('keeper', 'dependency', {}),
    named('lock', 'dependency', timelock),
    named('dao', 'protected', { governor: { votingPeriod: 1n, timelock: null, why: '' } }),
    named('coin', 'protected', { token: { standard: 'erc20', symbol: 'C', decimals: 18, totalSupply: 1n, why: '' } }),
  ]
  expect(proposeStreams(all)).toMatchObject([{ use: 'payment-stream', on: ['treasury', 'lock'] }])
  expect(proposeStreams(all.slice(3))).toEqual([])
})
