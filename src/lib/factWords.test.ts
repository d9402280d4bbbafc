import { expect, test } from 'vitest'
import { groupDigits, isSaidElsewhere, labelWords, timeWords, tokenOf, unitsWords } from './factWords.ts'

test('names of facts are put into words', () => {
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

test('facts speak of a token where they have its decimals', () => {
  expect(tokenOf({ decimals: 6, symbol: 'USDC' })).toEqual({ decimals: 6, symbol: 'USDC' })
  expect([tokenOf({ symbol: 'USDC' }), tokenOf({ decimals: 500 }), tokenOf({ decimals: '6' })]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('what people read elsewhere is left to machines', () => {
  const facts = { decimals: 6, symbol: 'USDC', outflow: '5', outflowShown: '0.000005' }
  expect(Object.keys(facts).filter((name) => !isSaidElsewhere(name, facts))).toEqual(['outflow'])
  expect(isSaidElsewhere('symbol', { symbol: 'USDC' })).toBe(false)
})

test('a time is a date where the name of its fact says that it is one', () => {
  expect(timeWords('executableFrom', '1796084647')).toBe('2026-12-01 00:24:07 UTC')
  expect(timeWords('updatedAt', 1_700_000_000)).toBe('2023-11-14 22:13:20 UTC')
  expect([timeWords('amount', '1796084647'), timeWords('heldAt', '9'), timeWords('paidAt', null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
