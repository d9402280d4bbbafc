import { describe, expect, test } from 'vitest'
import type { ChainStatus, MonitorStatus } from '../model/status.ts'
import type { Blindness } from '../store/blindness.ts'
import { judgeChain, judgeMonitor } from './judgeSight.ts'

const now = new Date('2026-03-01T03:00:00Z')
const nowSeconds = now.getTime() / 1000
const chain: ChainStatus = {
  name: 'mainnet',
  id: 1,
  head: 100,
  finalized: 36,
  cursor: 100,
  cursorTimestamp: nowSeconds - 12,
  lag: 0,
  headLane: null,
  blind: null,
  providers: [],
  verified: { header: null, transactions: null, receipts: null },
  explorer: null,
}
const monitor: MonitorStatus = {
  name: 'drain',
  detector: 'outflow-cap',
  title: 'Outflow',
  chainId: 1,
  on: [],
  severity: 'high',
  mode: 'active',
  rule: null,
}
const blindness: Blindness = {
  chainId: 1,
  monitor: 'drain',
  reason: 'The read reverted.',
  since: new Date('2026-03-01T02:00:00Z'),
  sinceBlock: 90,
  lastAt: now,
  blocks: 10,
}

describe('the sight of a chain', () => {
  test('is good where the newest block is judged and young', () => {
    expect(judgeChain(chain, [], now)).toEqual({ state: 'seen', reason: null, since: null })
  })

  test.each<[string, Partial<ChainStatus>, 'blind' | 'behind']>([
    ['no provider answers', { blind: { since: '2026-03-01T02:59:00Z', reason: 'No provider answers.' } }, 'blind'],
    ['nothing was judged yet', { cursor: null, cursorTimestamp: null }, 'blind'],
    ['no block came for more than five minutes', { cursorTimestamp: nowSeconds - 301 }, 'blind'],
    ['old blocks are still to be judged', { lag: 7, cursorTimestamp: nowSeconds - 61 }, 'behind'],
  ])('is not good when %s', (_, changed, state) => {
    const sight = judgeChain({ ...chain, ...changed }, [], now)
    expect(sight.state).toBe(state)
    expect(sight.reason).toMatch(/\.$/)
  })

  test('says that the head is watched where it is behind', () => {
    const behind = { ...chain, lag: 300, cursorTimestamp: nowSeconds - 3600, headLane: 400 }
    expect(judgeChain(behind, [], now)).toMatchObject({
      state: 'behind',
      reason: '300 blocks are still to be judged; monitors that need no memory watch the head meanwhile, at block 400.',
    })
  })

  test('is still good with the next block on its way', () => {
    expect(judgeChain({ ...chain, lag: 1, cursorTimestamp: nowSeconds - 60 }, [], now).state).toBe('seen')
  })

  test('is blind while the store says so, whatever the chain says of itself', () => {
    expect(judgeChain(chain, [{ ...blindness, monitor: '*' }], now)).toMatchObject({
      state: 'blind',
      reason: 'The read reverted.',
      since: blindness.since,
    })
    expect(judgeChain(chain, [{ ...blindness, monitor: '*', chainId: 10 }], now).state).toBe('seen')
  })
})

describe('the sight of a monitor', () => {
  const good = judgeChain(chain, [], now)

  test('is good where that of its chain is and it could judge', () => {
    expect(judgeMonitor(monitor, good, [{ ...blindness, monitor: 'another' }]).state).toBe('seen')
  })

  test('is blind for its own reason', () => {
    expect(judgeMonitor(monitor, good, [blindness])).toMatchObject({ state: 'blind', reason: 'The read reverted.' })
  })

  test('is blind with its chain, and where nobody reads its chain', () => {
    const blind = judgeChain({ ...chain, cursor: null }, [], now)
    expect(judgeMonitor(monitor, blind, [])).toEqual(blind)
    expect(judgeMonitor(monitor, undefined, []).state).toBe('blind')
  })

  test('is off where the config says so', () => {
    expect(judgeMonitor({ ...monitor, mode: 'off' }, undefined, [blindness]).state).toBe('off')
  })
})
