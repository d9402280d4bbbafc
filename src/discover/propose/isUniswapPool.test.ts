import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { isUniswapPool } from './isUniswapPool.ts'

const path = '@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json'
const published: Hex = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8')).deployedBytecode

/** As a factory leaves it: with its tokens where the compiler left room for them. */
const deployed = published.replaceAll(`7f${'0'.repeat(64)}`, `7f${'0'.repeat(24)}${'a1'.repeat(20)}`) as Hex

test('the code that Uniswap published is known, whichever tokens stand in it', () => {
  expect(deployed).not.toBe(published)
  expect(isUniswapPool([deployed])).toBe(true)
})

test('other metadata are the same code', () => {
  expect(isUniswapPool([deployed.replace(/6343000706000a$/, '6343000707000a') as Hex])).toBe(true)
})

test('one instruction that differs, something before it or a proxy is another contract', () => {
  const at = deployed.indexOf('5b', 2_000)
  expect(isUniswapPool([`${deployed.slice(0, at)}5a${deployed.slice(at + 2)}` as Hex])).toBe(false)
  expect(isUniswapPool([`0x60006000${deployed.slice(2)}`])).toBe(false)
  expect(isUniswapPool([deployed, deployed])).toBe(false)
})

test.each<[string, readonly Hex[]]>([
  ['no code', []],
  ['empty code', ['0x']],
  ['a byte', ['0x7f']],
  ['two bytes', ['0xffff']],
  ['much code', [`0x${'7f'.repeat(100_000)}`]],
])('%s is none', (_name, codes) => {
  expect(isUniswapPool(codes)).toBe(false)
})
