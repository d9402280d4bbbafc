import { expect, test } from 'vitest'
import { strangersText } from './strangersText.ts'

test.each([
  ['USDC.e', 'USDC[.]e'],
  ['visit claim-usdc.com/now', 'visit claim-usdc[.]com/now'],
  ['xn--e1aybc.рф www.a.b', 'xn--e1aybc[.]рф www[.]a[.]b'],
  ['https://evil.example', 'https[:]//evil[.]example'],
  ['Pool 1.25 %. Done.', 'Pool 1.25 %. Done.'],
])('%j becomes %j', (text, expected) => {
  expect(strangersText(text, 100)).toBe(expected)
})

test('never exceeds its limit, and costs nothing for a long text', () => {
  expect(strangersText('a.'.repeat(1_000_000), 20)).toHaveLength(20)
})
