import { expect, test } from 'vitest'
import { mentions } from './mentions.ts'

test.each([
  ['Replace the strategist of the vault', 'power'],
  ['Elect the council for 2027', 'power'],
  ['Appoint a new keeper of the pools', 'power'],
  ['Grant of 40,000 USDC to the auditors', 'money'],
  ['Upgrade the vault to v2', 'upgrade'],
] as const)('%s speaks of %s', (text, kind) => {
  expect(mentions(text, kind)).toBe(true)
})

test.each([
  ['Thank you all for a wonderful year', 'power'],
  ['A selection of the best memes', 'power'],
  ['Thank you all for a wonderful year', 'money'],
  ['', 'upgrade'],
] as const)('%s does not speak of %s', (text, kind) => {
  expect(mentions(text, kind)).toBe(false)
})

test('what comes after much text is not looked for', () => {
  expect(mentions(`${' '.repeat(20_000)}role`, 'power')).toBe(false)
})
