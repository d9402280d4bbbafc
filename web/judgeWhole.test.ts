import { expect, test } from 'vitest'
import { judgeOldWhole, judgeWhole } from './judgeWhole.ts'
import type { Alert, Chain, Monitor, Status } from './types.ts'

const seen = { state: 'seen', reason: null, since: null } as const
const chain: Chain = {
  name: 'mainnet',
  id: 1,
  head: 9,
  finalized: 1,
  cursor: 9,
  cursorTimestamp: 1_772_334_000,
  lag: 0,
  headLane: null,
  sight: seen,
  providers: [],
  verified: { header: null, transactions: null, receipts: null },
  explorer: null,
}
const monitor: Monitor = {
  name: 'drain',
  detector: 'outflow-cap',
  title: 'Outflow',
  chainId: 1,
  on: [],
  severity: 'high',
  mode: 'active',
  rule: null,
  sight: seen,
}
const alert = { severity: 'critical', title: 'The vault is empty' } as Alert
const status: Status = {
  now: '2026-03-01T03:00:00.000Z',
  version: '0',
  chains: [chain],
  monitors: [monitor],
  open: [],
  counts: { firing: {}, acknowledged: 0, muted: 0, waitingMessages: 0, deadMessages: 0 },
  silences: [],
  deadMessages: [],
  attacks: null,
}
const blind = { state: 'blind', reason: 'Nobody answers.', since: '2026-03-01T02:50:00.000Z' } as const
const counts = (changed: Partial<Status['counts']>) => ({ counts: { ...status.counts, ...changed } })

test.each<[string, Partial<Status>, string[]]>([
  ['all is well', {}, ['calm']],
  ['messages are only on their way', counts({ waitingMessages: 3 }), ['calm']],
  ['an alert fires', { ...counts({ firing: { critical: 1 } }), open: [alert] }, ['firing']],
  ['a chain is blind', { chains: [{ ...chain, sight: blind }], monitors: [{ ...monitor, sight: blind }] }, ['blind']],
  ['a monitor alone is blind', { monitors: [monitor, { ...monitor, sight: blind }] }, ['blind']],
  ['a chain is behind', { chains: [{ ...chain, lag: 40, sight: { ...blind, state: 'behind' } }] }, ['behind']],
  ['a message was given up', counts({ deadMessages: 1 }), ['undelivered']],
  ['somebody has all in hand', counts({ acknowledged: 1 }), ['held']],
  ['only muted alerts fire', counts({ muted: 1 }), ['held']],
  ['nothing is watched', { chains: [], monitors: [] }, ['blind']],
  ['every monitor is off', { monitors: [{ ...monitor, mode: 'off' }] }, ['blind']],
  [
    'much is wrong at once',
    { ...counts({ firing: { low: 2 }, deadMessages: 1, acknowledged: 1 }), chains: [{ ...chain, sight: blind }] },
    ['firing', 'blind', 'undelivered'],
  ],
])('the whole is judged when %s', (_, changed, tones) => {
  expect(judgeWhole({ ...status, ...changed }).map(({ tone }) => tone)).toEqual(tones)
})

test('an old answer is never called well', () => {
  expect(judgeOldWhole(status).map(({ tone }) => tone)).toEqual(['behind'])
  expect(judgeOldWhole({ ...status, ...counts({ acknowledged: 1 }) }).map(({ tone }) => tone)).toEqual(['behind'])
  expect(judgeOldWhole({ ...status, ...counts({ firing: { low: 1 } }) }).map(({ tone }) => tone)).toEqual(['firing'])
})

test('the words name the gravest, and how long nobody has seen', () => {
  const lines = judgeWhole({
    ...status,
    ...counts({ firing: { critical: 1, low: 2 } }),
    open: [alert],
    chains: [{ ...chain, sight: blind }],
  })
  expect(lines.map(({ title, detail }) => `${title} ${detail}`)).toEqual([
    '3 alerts are firing. 1 critical, 2 low. The gravest: The vault is empty',
    'We are blind on mainnet. For 10 min. Nobody answers. What happens there now, nobody sees.',
  ])
})
