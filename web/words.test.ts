import { expect, test } from 'vitest'
import { groupDigits, unitsWords } from './facts.tsx'
import { agoWords, count, durationWords, labelWords, listWords, utcWords } from './words.ts'

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
  expect([labelWords('valueMoved'), labelWords('held_at_start'), labelWords('<b>')]).toEqual([
    'value moved',
    'held at start',
    '<b>',
  ])
})

test('digits are grouped to the last one, however many they are', () => {
  expect(groupDigits('115792089237316195423570985008687907853')).toBe(
    '115,792,089,237,316,195,423,570,985,008,687,907,853',
  )
  expect([groupDigits('-1234.56789'), groupDigits('999')]).toEqual(['-1,234.56789', '999'])
})

test.each([
  ['1947133377436', 6, '1947133.377436'],
  ['5', 6, '0.000005'],
  ['1000000', 6, '1'],
  ['7', 0, '7'],
])('%s base units with %d decimals are %s', (units, decimals, words) => expect(unitsWords(units, decimals)).toBe(words))
