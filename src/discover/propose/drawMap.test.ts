import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { Address } from '../../model/chain.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { drawMap } from './drawMap.ts'

const [vault, feed, key, stray] = [1, 2, 3, 4].map(account) as [Address, Address, Address, Address]

const found = (
  name: string,
  address: Address,
  pointers: Pointer[],
  facts: Partial<ContractFacts> = {},
): NamedFacts => ({
  ...{ name, kind: null, pointers, role: address === vault ? 'protected' : 'dependency' },
  facts: { address, form: 'contract', balance: 0n, codes: [], forwards: false, ...facts },
})
const names = (from: Address, to: Address, kind: Pointer['kind'], where: string): Pointer => ({
  ...{ from, to, kind, where, name: null },
})
const draw = (...contracts: NamedFacts[]) => drawMap(contracts, { chain: 'local', block: 7 })
const cornerOf = (svg: string, name: string) =>
  new RegExp(`<g><title>${name} 0x[^]*?<rect x="(\\d+)" y="(\\d+)"`).exec(svg)?.slice(1).map(Number) ?? []

test('draws what is watched at the left, what it names beside it, and by arrows why', () => {
  const svg = draw(
    found('vault', vault, [names(key, vault, 'use', 'its code')]),
    found('feed', feed, [names(vault, feed, 'use', 'its code'), names(vault, feed, 'value', 'oracle()')]),
    found('feedOwner', key, [names(feed, key, 'power', 'owner()')], { form: 'account' }),
  )
  const [at, beside, behind] = ['vault', 'feed', 'feedOwner'].map((name) => cornerOf(svg, name)[0]!) as [
    number,
    number,
    number,
  ]
  expect(at).toBeLessThan(beside)
  expect(beside).toBeLessThan(behind)
  expect(svg).toContain('url(#value)"><title>vault names feed: its code, oracle()</title>')
  expect(svg).toContain('url(#power)"><title>feed names feedOwner: owner()</title>')
  expect(svg).toContain('url(#use)"><title>feedOwner names vault: its code</title>')
  expect(svg).toContain('account without code')
})

test('is a picture, whatever strangers write, and whoever names nobody', () => {
  const symbol = '"><script>alert(1)</script>'
  const token = { standard: 'erc20' as const, symbol, decimals: 6, totalSupply: 1n, why: '' }
  const svg = draw(found('vault', vault, [names(vault, vault, 'use', '<b>')], { token }), found('stray', stray, []))
  expect(svg).not.toMatch(/<script|<b>/)
  expect(cornerOf(svg, 'stray')).toHaveLength(2)
  expect(draw()).toContain('</svg>')
})
