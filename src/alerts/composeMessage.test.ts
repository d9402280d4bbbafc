import { expect, test } from 'vitest'
import { finding, sampleContext, timeOf, treasury } from '../../test/harness/alertScene.ts'
import type { MessageKind } from '../model/message.ts'
import type { AlertRow } from '../store/alerts.ts'
import { composeMessage } from './composeMessage.ts'
import { openAlert } from './joinAlert.ts'

const opened = openAlert({
  items: [{ finding: finding({ key: 'a' }), sighting: null }],
  at: timeOf(1),
  resolveAfterSeconds: 60,
})

function compose(kind: MessageKind, changed: Partial<AlertRow> = {}, facts = {}) {
  const alert: AlertRow = { ...opened, blockNumber: 100, stage: 'provisional', told: 1, findings: 3, ...changed }
  return composeMessage(sampleContext(), { alert, kind, channel: 'ops', at: timeOf(1), facts })
}

test.each<[MessageKind, Partial<AlertRow>]>([
  ['firing', {}],
  ['firing', { stage: 'final', findings: 1 }],
  ['updated', { stage: 'final' }],
  ['acknowledged', { acknowledgedBy: 'ana' }],
  ['resolved', { resolvedBecause: 'nothing new for 1 h' }],
  ['retracted', { stage: 'retracted' }],
])('what an alert that is %s says (%o)', (kind, changed) => {
  const { title, sentences, advice } = compose(kind, changed)
  expect([title, ...sentences, advice].join('\n')).toMatchSnapshot()
})

test('the id is that of the change and of the channel', () => {
  const id = compose('firing').id
  expect(compose('firing').id).toBe(id)
  for (const other of [compose('updated'), compose('firing', { told: 2 }), compose('firing', { id: 'other' })]) {
    expect(other.id).not.toBe(id)
  }
})

test('facts are bounded, in words, and made harmless', () => {
  const facts = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`fact ${index}`, index]))
  const { facts: shown } = compose('firing', {}, { evil: 'https://evil.example/\u202e', list: ['a', 1], ...facts })
  expect(shown).toHaveLength(13)
  expect(shown.slice(0, 2)).toEqual([
    { name: 'evil', value: 'https[:]//evil[.]example/[U+202E]' },
    { name: 'list', value: 'a; 1' },
  ])
  expect(shown.at(-1)).toEqual({ name: 'more', value: '10 more facts in the console' })
})

test('amounts are shown in their token, as people count it', () => {
  const recipients = [{ to: '0xb66c', amount: '1500000' }]
  const facts = { outflow: '8412067550000', decimals: 6, symbol: 'USDC', heldAtStart: '33648270200000', recipients }
  expect(compose('firing', {}, facts).facts).toEqual([
    { name: 'outflow', value: '8,412,067.55 USDC' },
    { name: 'held at start', value: '33,648,270.2 USDC' },
    { name: 'recipients', value: '0xb66c 1.5 USDC' },
  ])
  expect(compose('firing', {}, { value: '1000000' }).facts).toEqual([{ name: 'value', value: '1,000,000' }])
})

test('contracts of the config go by their names, times are dates, and what is empty is not told', () => {
  const stranger = `0x${'01'.repeat(20)}`
  const losses = [{ token: treasury, amount: '1500000', confirmed: true, decimals: 6, share: '12 %' }]
  const facts = { lost: [treasury, stranger], used: [], event: null, net: false, readyAt: '1796084647', losses }
  expect(compose('firing', {}, facts).facts).toEqual([
    { name: 'lost', value: `treasury (${treasury}); ${stranger}` },
    { name: 'net', value: 'no' },
    { name: 'ready at', value: '2026-12-01 00:24:07 UTC' },
    { name: 'losses', value: `token treasury (${treasury}), amount 1.5, confirmed yes, share 12 %` },
  ])
})

test('links lead to the explorer only where there is one and something to see', () => {
  expect(compose('firing').links.map(({ title }) => title)).toEqual(['Open in the console', 'Transaction', 'Contract'])
  expect(compose('firing', { chainId: 5 }).links).toHaveLength(1)
  expect(compose('firing', { blockNumber: null, transactionHash: null }).links).toHaveLength(1)
})
