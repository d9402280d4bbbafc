import { expect, test } from 'vitest'
import { contract } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { addressShower } from '../showAddress.ts'
import { showToken } from './showToken.ts'

const [named, other] = [`0x${'11'.repeat(20)}`, `0x${'22'.repeat(20)}`] as [Address, Address]
const show = addressShower(new Map([['usdc', contract('usdc', named)]]))

test.each([
  [named, 'FAKE', 'usdc'],
  [named, null, 'usdc'],
  [other, 'USDC', 'USDC (0x2222…2222)'],
  [other, null, '0x2222…2222'],
  ['native', 'BNB', 'BNB'],
  ['native', null, 'native coins'],
] as const)('a title calls %s, which calls itself %s, %s', (token, symbol, name) => {
  expect(showToken(token, show, symbol)).toBe(name)
})
