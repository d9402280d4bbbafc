import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeOracles } from './proposeOracles.ts'

const [market, feed] = [account(1), account(2)]
const base: ContractFacts = { address: market, form: 'contract', balance: 0n, codes: [], forwards: false }

function monitorsFor(description: string): string[] {
  const status = { description, decimals: 0, answer: 0n, updatedAt: 0, intervals: [], aggregator: null, why: '' }
  const contracts: NamedFacts[] = [
    { name: 'market', kind: null, role: 'protected', facts: base, pointers: [] },
    {
      name: 'feed',
      kind: 'chainlink-feed',
      role: 'dependency',
      facts: { ...base, address: feed, feed: { ...status, announces: true } },
      pointers: [{ from: market, to: feed, kind: 'value', name: 'sequencerFeed', where: 'sequencerFeed()' }],
    },
  ]
  return proposeOracles(contracts, { now: 0 }).map(({ use }) => use)
}

test('the status of a sequencer is no price: it gets its own monitor, and none of those for prices', () => {
  expect(monitorsFor('L2 Sequencer Uptime Status Feed')).toEqual(['sequencer-uptime'])
  expect(monitorsFor('ETH / USD')).toEqual(expect.arrayContaining(['oracle-stale', 'oracle-jump', 'oracle-config']))
  expect(monitorsFor('ETH / USD')).not.toContain('sequencer-uptime')
})
