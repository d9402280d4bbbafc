import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each([
  ['vautl', 'vault'],
  ['Withdrawal', 'Withdraw'],
  ['ammount', 'amount'],
  ['TRANSFER', 'Transfer'],
  ['c', undefined],
  ['price', undefined],
  ['', undefined],
])('%s is meant to be %s', (name, meant) => {
  expect(nearest(name, ['a', 'vault', 'Withdraw', 'amount', 'Transfer'])).toBe(meant)
})
