import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { monitor } from '../../../test/harness/watchScene.ts'
import type { Address } from '../../model/chain.ts'
import type { Watch } from '../../model/detector.ts'
import { createPendingInbox } from './pendingInbox.ts'
import { createPendingTouch } from './pendingTouch.ts'

/** As long as those of contracts are: one with many zeros stands in any text by chance, and is not looked for. */
const vault: Address = `0x${'7a'.repeat(20)}`
const [stranger, thief] = [account(0x55), account(0xbad)]
const none = () => []
const watch: Watch = {
  interests: [],
  detect: () => ({}),
  pending: { touching: [vault], forgetAfterSeconds: 60, reads: [], moreReads: none, judge: () => ({}) },
}

let lastHash = 0
const hash = (number = ++lastHash) => `0x${number.toString(16).padStart(64, '0')}`
const pending = (rest: object = {}) => ({
  ...{ hash: hash(), from: thief, to: vault, value: '0x0', input: '0x', nonce: '0x0', gas: '0x5208' },
  ...rest,
})

function open() {
  let now = 0
  const heard: string[] = []
  const touch = createPendingTouch([monitor('pending', watch)], () => now)
  const inbox = createPendingInbox(touch, (transaction) => heard.push(transaction.hash))
  return { inbox, touch, heard, pass: (ms: number) => (now += ms) }
}
const codeOf = (address: Address) => ({ ok: true, data: `0x6073${address.slice(2)}` }) as const
const noCode = { ok: true, data: '0x' } as const

test('takes what goes to ours, names it in calldata or creates what names it, and nothing else', () => {
  const { inbox, touch } = open()
  touch.learn(stranger, codeOf(stranger), codeOf(stranger))
  const word = `${'0'.repeat(24)}${vault.slice(2)}`
  const wanted = [
    pending(),
    pending({ to: stranger, input: `0xa9059cbb${word}` }),
    pending({ to: null, input: `0x60806040${word}` }),
  ]
  for (const each of [...wanted, pending({ to: stranger }), pending({ to: stranger, input: '0xa9059cbb' })])
    inbox.told(each)
  expect(inbox.takeTouching(9).map(({ transaction }) => transaction.hash)).toEqual(wanted.map((each) => each.hash))
  expect(inbox.waiting()).toEqual({ hashes: 0, unknown: 0, touching: 0 })
})

test('has contracts looked at whose code it does not know, and knows how old they are', () => {
  const { inbox, touch, pass } = open()
  inbox.told(pending({ to: stranger }))
  const [unknown] = inbox.takeUnknown(9)
  touch.learn(stranger, codeOf(vault), noCode)
  inbox.sort(unknown!)
  expect(inbox.takeTouching(9)).toHaveLength(1)
  expect(touch.isYoung(stranger)).toBe(true)
  touch.learn(stranger, codeOf(vault), undefined)
  expect(touch.isYoung(stranger)).toBeNull()
  pass(300_001)
  inbox.told(pending({ to: stranger }))
  expect(inbox.waiting()).toMatchObject({ unknown: 1, touching: 0 })
})

test('hears of each once, by hash or whole, and anew only of what is back', () => {
  const { inbox, heard } = open()
  const one = pending()
  for (const notice of [one.hash, one.hash]) inbox.told(notice)
  expect(inbox.takeHashes(9)).toEqual([one.hash])
  for (const notice of [one, one, one.hash]) inbox.told(notice)
  expect(heard).toEqual([one.hash])
  expect(inbox.takeTouching(9)).toHaveLength(1)
  inbox.toldAgain(one)
  expect(inbox.takeTouching(9)).toHaveLength(1)
})

test.each([
  [null],
  [7],
  ['0x'],
  ['0xzz'],
  [[]],
  [{}],
  [{ ...pending(), hash: '0x12' }],
  [{ ...pending(), from: null }],
  [{ ...pending(), input: 'soon' }],
  [{ ...pending(), value: `0x${'f'.repeat(65)}` }],
])('passes over what is no transaction: %j', (notice) => {
  const { inbox, heard } = open()
  inbox.told(notice)
  expect([heard, inbox.waiting()]).toEqual([[], { hashes: 0, unknown: 0, touching: 0 }])
})

test('keeps no more than it can, of one sender and in all, drops the oldest and counts them', () => {
  const { inbox } = open()
  for (let sent = 0; sent < 9; sent++) inbox.told(pending())
  expect([inbox.waiting().touching, inbox.takeLost()]).toEqual([8, 1])
  const others = Array.from({ length: 249 }, (_, place) => pending({ from: account(0x1000 + place) }))
  for (const each of others) inbox.told(each)
  expect([inbox.waiting().touching, inbox.takeLost(), inbox.takeLost()]).toEqual([256, 1, 0])
  for (let told = 0; told < 4_097; told++) inbox.told(hash())
  expect([inbox.waiting().hashes, inbox.takeLost()]).toEqual([4_096, 1])
  for (let told = 0; told < 2_049; told++) inbox.told(pending({ to: account(0x9999) }))
  expect([inbox.waiting().unknown, inbox.takeLost()]).toEqual([2_048, 1])
})

test('hands on the first of each sender before the second of any', () => {
  const { inbox } = open()
  const [a, b, c] = [pending(), pending(), pending({ from: stranger })]
  for (const each of [a, b, c]) inbox.told(each)
  expect(inbox.takeTouching(9).map(({ transaction }) => transaction.hash)).toEqual([a.hash, c.hash, b.hash])
})
