import { expect, test } from 'vitest'
import { aboutWords, agoWords, count, durationWords, listWords, utcWords, verifiedWords } from './words.ts'

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [3600, '1 h'],
  [7500, '2 h 5 min'],
  [172_800, '2 days'],
  [-5, '0 s'],
])('%d seconds are %s', (seconds, words) => expect(durationWords(seconds)).toBe(words))

test('a moment is told from now, both ways', () => {
  expect([agoWords(0, 1500), agoWords(0, 240_000), agoWords(7_200_000, 0)]).toEqual(['just now', '4 min ago', 'in 2 h'])
})

test('a moment of another day has its date', () => {
  const now = Date.parse('2026-03-01T00:10:00Z')
  expect(utcWords(now, now)).toBe('00:10:00 UTC')
  expect(utcWords(now - 900_000, now)).toBe('2026-02-28 23:55:00 UTC')
})

test('numbers, lists and names are put into words', () => {
  expect([count(1, 'alert'), count(1200, 'alert')]).toEqual(['1 alert', '1,200 alerts'])
  expect([listWords(['a']), listWords(['a', 'b']), listWords(['a', 'b', 'c', 'd'])]).toEqual([
    'a',
    'a and b',
    'a, b and 2 more',
  ])
})

test('an estimate is no more exact than it can be', () => {
  expect([0, 7.4, 1234, 389_941, 999_999, 9_612_345, 1_250_000_000].map(aboutWords)).toEqual([
    '0',
    '7.4',
    '1,200',
    '390,000',
    '1 million',
    '9.6 million',
    '1,300 million',
  ])
})

test.each([
  [null, null, null, 'not checked yet', ''],
  [true, true, true, 'verified', 'Their hashes, transactions and receipts are recomputed here.'],
  [true, true, null, 'verified', 'Their hashes and transactions are recomputed here.'],
  [true, true, false, 'unverified', 'Their receipts are taken on trust.'],
  [false, false, false, 'unverified', 'Their hashes, transactions and receipts are taken on trust.'],
  [false, null, null, 'unverified', 'Their hashes are taken on trust.'],
])(
  'blocks with header %s, transactions %s and receipts %s are %s',
  (header, transactions, receipts, word, sentence) => {
    expect(verifiedWords({ header, transactions, receipts })).toEqual({ word, sentence })
  },
)
