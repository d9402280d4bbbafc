import { expect, test } from 'vitest'
import { plainText } from './plainText.ts'

test.each([
  ['an ordinary sentence, with 1,200,000 USDC & <tags>.', 'an ordinary sentence, with 1,200,000 USDC & <tags>.'],
  ['0xd94c…fc33 paid 0x26fa…f039', '0xd94c…fc33 paid 0x26fa…f039'],
  ['two\nlines\r\n\tand   spaces ', 'two lines and spaces'],
  ['USD\u202eC\u202c', 'USD[U+202E]C[U+202C]'],
  ['\u2066a\u2069\u200f\u061c', '[U+2066]a[U+2069][U+200F][U+061C]'],
  ['a\u0000b\u001b[31mc\u0085\u009b', 'a[U+0000]b[U+001B][31mc[U+0085][U+009B]'],
  ['U\u200bS\u200dD\ufeffC\u00ad\u{e0041}\u3164', 'USD C'],
  ['half a pair \ud83d', 'half a pair \ufffd'],
  [`z${'\u0301'.repeat(1000)}algo`, `z${'\u0301'.repeat(4)}algo`],
  ['claim at https://evil.example/claim now', 'claim at https[:]//evil[.]example/claim now'],
  ['HTTP://a.b?c=d.e tg://resolve', 'HTTP[:]//a[.]b?c=d.e tg[:]//resolve'],
  ['München, 東京, café, 1 € is no crime', 'München, 東京, café, 1 € is no crime'],
])('%j becomes %j', (text, expected) => {
  expect(plainText(text, 1000)).toBe(expected)
})

test('keeps the links of our own words', () => {
  expect(plainText('See https://docs.acme.example\u200b/pause.', 100, { keepLinks: true })).toBe(
    'See https://docs.acme.example/pause.',
  )
})

test('is cut after it is made visible, so that it never exceeds its limit', () => {
  expect(plainText('\u202e'.repeat(1_000_000), 20)).toBe('[U+202E][U+202E][U+…')
})

test('takes no more than linear time for text made to be slow', () => {
  for (const piece of ['a-', 'a', ' ', '\u0301', 'a://', 'http:/']) {
    expect(plainText(piece.repeat(1_000_000), 50).length).toBeLessThanOrEqual(50)
  }
})
